"""The founding report, computed again: "What next for digital social innovation?" (Nesta, May 2017).

Both published editions of the register go through the protocol and the counting rules of `indicators`; what
comes out is held against the counts of that edition (exact) and against the report's own figures (with the
tolerances that later entries in the register leave). What does not reproduce is listed as such.
"""

import pytest
from scipy.stats import spearmanr

from indicators import crowdmap
from indicators.measures import share
from indicators.network import from_documents, summary
from tests.support.register2017 import EDITIONS, claims, load, table

pytestmark = pytest.mark.recorded

AI, SOCIAL = "Artificial intelligence and machine learning", "Social media and social networks"
MARCH = "snap0327"
"""The edition that is nearest to the report."""
LISTS = {"areas": ("fig5_area.csv", "area"), "trends": ("trends.csv", "trend"),
         "technologies": ("fig6_technology.csv", "technology")}  # fmt: skip
editions = pytest.mark.parametrize("edition", EDITIONS)


def counted(name, key, column):
    """A column of a reference table as numbers."""
    return {row[key]: float(row[column]) for row in table(name) if row[column]}


def correlation(computed, reported):
    """Spearman's rank correlation over the keys of `reported`."""
    return spearmanr([computed[key] for key in reported], [*reported.values()]).statistic


def partners(project):
    return len(project["organisations"])


def percent(part, whole):
    return round(100 * share(part, whole), 1)


def figures(edition):
    """The numbers of the text that a register can give, under the identifiers of the reference table."""
    projects, organisations = load(edition)
    found = summary(from_documents([*projects, *organisations]))

    def several(least, count):
        return percent(crowdmap.having(projects, least, count), len(projects))

    def tags(dimension):
        return {tag for project in projects for tag in crowdmap.stated(project, dimension)}

    def known(project):
        return len(project["declared"]["areas"])

    crossed = crowdmap.crossed(projects, "technologies", "technologies")
    return {
        "orgs_total": len(organisations),
        "projects_total": len(projects),
        "orgs_in_networks": found.connected,
        "orgs_in_networks_pct": round(100 * found.share_connected, 1),
        "networks": found.components,
        "largest_network_orgs": found.largest,
        "projects_two_or_more_orgs_pct": several(2, partners),
        "projects_three_or_more_orgs_pct": several(3, partners),
        "projects_more_than_one_area_pct": several(2, known),
        "projects_five_or_more_areas": crowdmap.having(projects, 5, known),
        "projects_more_than_one_trend_pct": several(2, lambda p: len(crowdmap.stated(p, "trends"))),
        "projects_more_than_one_technology_pct": several(
            2, lambda p: len(crowdmap.stated(p, "technologies"))
        ),
        "projects_five_or_more_technologies_pct": several(
            5, lambda p: len(crowdmap.stated(p, "technologies"))
        ),
        "unique_free_area_tags": len(tags("areas") - set(crowdmap.labelled(projects, "areas"))),
        "unique_technology_tags": len(tags("technologies")),
        "ai_projects": crossed[AI, AI],
        "ai_and_social_media_projects": crossed[AI, SOCIAL],
    }


@editions
def test_every_number_of_the_text_is_that_of_the_register(edition):
    reference = {key: row[edition] for key, row in claims().items() if edition in row}
    computed = figures(edition)
    assert {key: computed[key] for key in reference} == reference


def test_the_four_numbers_that_the_report_took_from_the_register():
    """236 organisations, 19 % of all, in shared projects; 13 % of projects with partners; 28 with AI."""
    computed = figures(MARCH)
    assert computed["orgs_in_networks"] == 236
    assert computed["orgs_in_networks_pct"] == 19.2
    assert computed["projects_two_or_more_orgs_pct"] == 13.1
    assert computed["ai_and_social_media_projects"] == 28


@editions
@pytest.mark.parametrize("dimension", LISTS)
def test_areas_trends_and_technologies_are_exact(edition, dimension):
    projects, _ = load(edition)
    reference = counted(*LISTS[dimension], edition)
    assert crowdmap.labelled(projects, dimension) == reference


@editions
def test_areas_by_technologies_are_exact(edition):
    projects, _ = load(edition)
    crossed = crowdmap.crossed(projects, "areas", "technologies")
    reference = {
        (row["area"], row["technology"]): int(row[edition]) for row in table("fig7_area_technology.csv")
    }
    assert {pair: crossed[pair] for pair in reference} == reference


@editions
def test_countries_are_exact(edition):
    projects, organisations = load(edition)
    reference = {
        "organisations": counted("fig1_country.csv", "iso2", f"{edition}_orgs"),
        "projects": counted("fig1_country.csv", "iso2", f"{edition}_projects_any_org"),
    }
    by_organisation = crowdmap.by_place(organisations, "country")
    by_project = crowdmap.by_country(projects, organisations)
    computed = {
        "organisations": {code: by_organisation[code,] for code in reference["organisations"]},
        "projects": {code: by_project[code] for code in reference["projects"]},
    }
    assert computed == reference


@editions
def test_the_five_top_cities_are_those_of_the_report_in_its_order(edition):
    _, organisations = load(edition)
    top = crowdmap.by_place(organisations, "city").most_common(6)
    cities = [name for (name,), _ in top if name != crowdmap.UNKNOWN]
    assert cities[:5] == ["London", "Paris", "Amsterdam", "Barcelona", "Berlin"]


def test_projects_by_country_come_within_five_of_the_report():
    projects, organisations = load(MARCH)
    computed = crowdmap.by_country(projects, organisations)
    reported = counted("fig1_country.csv", "iso2", "report_projects")
    differences = [abs(computed[code] - number) for code, number in reported.items()]
    assert max(differences) <= 5
    assert differences.count(0) >= 21


def test_countries_rank_as_in_the_report():
    projects, organisations = load(MARCH)
    by_organisation = crowdmap.by_place(organisations, "country")
    reported = counted("fig1_country.csv", "iso2", "report_orgs")
    by_project = crowdmap.by_country(projects, organisations)
    assert correlation(by_project, counted("fig1_country.csv", "iso2", "report_projects")) >= 0.99
    assert correlation({code: by_organisation[code,] for code in reported}, reported) >= 0.98


def test_technologies_and_areas_rank_as_in_the_report():
    projects, _ = load(MARCH)
    technologies = crowdmap.labelled(projects, "technologies")
    areas = crowdmap.labelled(projects, "areas")
    reported = counted("fig5_area.csv", "area", "report_figure")
    named = {name: number for name, number in reported.items() if name != crowdmap.OTHERS}
    assert correlation(technologies, counted("fig6_technology.csv", "technology", "report_bar")) >= 0.98
    assert correlation(areas, named) >= 0.96
    assert min(named, key=areas.__getitem__) == "Energy and environment"
    assert {*dict(areas.most_common(2))} == {"Education and skills", "Participation and democracy"}


def test_trends_are_in_the_order_of_the_report():
    projects, _ = load(MARCH)
    order = sorted(counted("trends.csv", "trend", "report_rank").items(), key=lambda pair: pair[1])
    assert [name for name, _ in crowdmap.labelled(projects, "trends").most_common()] == [n for n, _ in order]


def test_technologies_rank_within_each_area_as_in_figure_7():
    projects, _ = load(MARCH)
    crossed = crowdmap.crossed(projects, "areas", "technologies")
    rows = table("fig7_area_technology.csv")
    for area in {row["area"] for row in rows}:
        reported = {
            row["technology"]: float(row["report_bubble_r2_pt"]) for row in rows if row["area"] == area
        }
        computed = {technology: crossed[area, technology] for technology in reported}
        assert correlation(computed, reported) >= 0.96, area


def rates():
    """Organisations of Figure 1 per 10 million inhabitants by region, and the rates that Figure 2 prints."""
    counts = counted("fig1_country.csv", "iso2", "report_orgs")
    population = counted("fig1_country.csv", "iso2", "population_2016")
    printed = counted("fig2_region_rate.csv", "eurovoc_region", "report_value")
    return crowdmap.pooled_rates(counts, population, crowdmap.regions("eurovoc"), per=10_000_000), printed


def test_regions_are_those_of_figure_2():
    stated = {
        row["eurovoc_region"]: frozenset(row["members_iso2"].split()) for row in table("fig2_region_rate.csv")
    }
    assert crowdmap.regions("eurovoc") == stated


@pytest.mark.parametrize("region", ["Northern Europe", "Eastern Europe"])
def test_figure_2_reproduces_per_ten_million_in_the_north_and_the_east(region):
    computed, printed = rates()
    assert computed[region] == pytest.approx(printed[region], abs=0.2)


# What does not reproduce, and why; docs/founding-report.md says the same in words.


@pytest.mark.parametrize(("region", "computed"), [("Western Europe", 35.66), ("Southern Europe", 34.17)])
def test_figure_2_does_not_reproduce_in_the_west_and_the_south(region, computed):
    """Pooled, West and South exceed both printed rates: no other grouping of their states gives both."""
    found, printed = rates()
    assert found[region] == pytest.approx(computed, abs=0.01)
    assert abs(found[region] - printed[region]) > 5


@pytest.mark.parametrize(
    "claim",
    ["orgs_total", "projects_total", "networks", "projects_more_than_one_area_pct", "unique_free_area_tags",
     "projects_more_than_one_trend_pct", "projects_more_than_one_technology_pct", "unique_technology_tags",
     "projects_five_or_more_technologies_pct", "ai_projects", "projects_five_or_more_areas"],
)  # fmt: skip
def test_number_of_the_report_that_its_register_does_not_give(claim):
    """The report was closed on a later state of the register than the one that was published."""
    assert round(figures(MARCH)[claim]) != claims()[claim]["report"]


def test_share_of_projects_with_three_organisations_was_cut_off_not_rounded():
    computed = figures(MARCH)["projects_three_or_more_orgs_pct"]
    assert int(computed) == claims()["projects_three_or_more_orgs_pct"]["report"] != round(computed)


def test_mobile_apps_and_other_technologies_moved_and_the_rest_stayed_near():
    projects, _ = load(MARCH)
    computed = crowdmap.labelled(projects, "technologies")
    reported = counted("fig6_technology.csv", "technology", "report_bar")
    moved = {name for name, number in reported.items() if abs(computed[name] - number) > 11}
    assert moved == {"Mobile and web apps", crowdmap.OTHERS}


def test_the_first_organisation_alone_does_not_give_figure_1():
    """The rule of Figure 1 is every distinct country of the partners; another rule is visibly wrong."""
    projects, organisations = load(MARCH)
    first = [{**project, "organisations": project["organisations"][:1]} for project in projects]
    reported = counted("fig1_country.csv", "iso2", "report_projects")
    computed = crowdmap.by_country(first, organisations)
    assert max(abs(computed[code] - number) for code, number in reported.items()) > 5


# The published tables alone, where the second edition is absent.


@pytest.mark.parametrize(
    ("name", "key", "column", "report", "least"),
    [
        ("fig1_country.csv", "iso2", "snap0327_projects_any_org", "report_projects", 0.99),
        ("fig1_country.csv", "iso2", "snap0327_orgs", "report_orgs", 0.98),
        ("fig6_technology.csv", "technology", "snap0327", "report_bar", 0.98),
    ],
)
def test_reference_tables_agree_with_the_report_in_rank(name, key, column, report, least):
    assert correlation(counted(name, key, column), counted(name, key, report)) >= least
