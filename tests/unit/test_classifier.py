import pytest

from classifiers.classifier import Classifier

CORE = (
    "Our charity builds an open source platform with residents so that older people without internet can take "
    "part in participatory budgeting. Volunteers help at the library."
)


@pytest.fixture(scope="module")
def classifier():
    return Classifier.load()


def label(classifier, text, title="", **more):
    return classifier.classify([{"id": "a", "title": title, "text": text, **more}])[0]


def test_core_text_is_core_with_area_and_evidence(classifier):
    result = label(classifier, CORE, "Community manager", kind="job_advert")
    assert result["dsi"]["grade"] == "core"
    assert "Participation and democracy" in {area["name"] for area in result["dsi"]["areas"]}
    assert result["dsi"]["matched"]


def test_offsets_point_into_title_newline_text(classifier):
    title, text = (
        "Bürgerhaushalt",
        "Größere Vorhaben: offene Daten für alle, mit Bürgerbeteiligung in der Straße.",
    )
    found = label(classifier, text, title)["dsi"]["matched"]
    joined = f"{title}\n{text}"
    assert "offene Daten" in {joined[m["start"] : m["end"]] for m in found if m["concept"] == "open-data"}


@pytest.mark.parametrize("text", ["", "Hackathon", None, 7, "\x00\x07", "中文" * 40, "<p></p>"])
def test_no_evidence_is_none(classifier, text):
    dsi = label(classifier, text)["dsi"]
    assert (dsi["grade"], dsi["areas"]) == ("none", [])


def test_one_word_abstains(classifier):
    assert label(classifier, "Hackathon")["dsi"]["abstained"] is True


def test_two_megabytes_are_read(classifier):
    assert label(classifier, CORE * 12_000)["dsi"]["grade"] in {"core", "adjacent", "none"}


def test_markup_and_control_characters_do_not_change_the_grade(classifier):
    marked = "<p>" + CORE.replace(" open ", " <b>open</b>\x00 ") + "</p>"
    assert label(classifier, marked)["dsi"]["grade"] == label(classifier, CORE)["dsi"]["grade"]


def test_what_is_not_an_object_is_answered_in_its_place(classifier):
    results = classifier.classify([{"id": 1, "title": "x", "text": CORE}, ["no"], None])
    assert [r["id"] for r in results] == [1, None, None]
    assert "object" in results[1]["error"]


@pytest.mark.parametrize(
    "text",
    [
        "A community owned pub: purchase of the brewery building by members of the village society.",
        "Senior engineer: Java, Kubernetes, AWS. We love open source and our customers. Competitive salary.",
        "Beteiligungsbericht: Übersicht der städtischen Beteiligungen an Gesellschaften mit Umsatz und Bilanz.",
        "Living labs for soil health where farmers co-create practices in field trials across regions.",
        "Monthly values of automatic stations, available on the open data portal, licensed under CC BY.",
    ],
)
def test_look_alikes_are_not_core(classifier, text):
    assert label(classifier, text)["dsi"]["grade"] != "core"


@pytest.mark.parametrize(
    "record",
    [
        {"text": "ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾᛁᛃ " * 30},
        {"text": "\ud800 broken \udfff surrogates " * 10},
        {"title": ["a", "list"], "text": {"an": "object"}, "kind": 3, "language": ["en"]},
        {"text": "<" * 5000 + "&amp;" * 5000},
        {"text": CORE + " Мы строим открытую платформу. Wir bauen eine offene Plattform. 我们。"},
        {"organisation": {"name": None}, "text": CORE},
        {},
    ],
)
def test_strange_records_get_a_result(classifier, record):
    result = classifier.classify([{"id": "a", **record}])[0]
    assert result["dsi"]["grade"] in {"core", "adjacent", "none"}
    assert 0 <= result["dsi"]["score"] <= 1


def test_text_that_only_repeats_the_title_abstains(classifier):
    title = "Open Data Community of the Harbour District"
    assert label(classifier, f"Grant to {title}", title)["dsi"]["abstained"] is True


def test_contract_of_a_result(classifier):
    result = label(classifier, CORE, "Community manager", kind="job_advert")
    assert set(result) == {"id", "language", "dsi"}
    assert {"grade", "score", "areas", "trends", "technologies", "themes", "matched", "model"} <= set(
        result["dsi"]
    )
    assert {"concept", "start", "end", "language"} == set(result["dsi"]["matched"][0])
    assert {"name", "score"} == set(result["dsi"]["areas"][0])
    assert result["dsi"]["model"] == classifier.version


def test_explanation_names_features_with_their_contributions(classifier):
    top = label(classifier, CORE)["dsi"]["top_features"]
    assert 1 <= len(top) <= 5
    assert [abs(f["contribution"]) for f in top] == sorted(
        (abs(f["contribution"]) for f in top), reverse=True
    )


def test_batch_gives_the_same_as_one_by_one(classifier):
    records = [{"id": i, "title": f"Title {i}", "text": CORE[: 60 * i]} for i in range(5)]
    assert classifier.classify(records) == [classifier.classify([record])[0] for record in records]


def test_organisation_is_read_apart_from_the_text(classifier):
    with_name = label(classifier, CORE, organisation={"name": "Open Source Makerspace Foundation"})
    without = label(classifier, CORE)
    assert with_name["dsi"]["matched"] == without["dsi"]["matched"]
    assert with_name["dsi"]["score"] != without["dsi"]["score"]


def test_largest_contributions_name_features_and_words(classifier):
    found = label(classifier, CORE)["dsi"]["top_features"]
    sizes = [abs(part["contribution"]) for part in found]
    assert sizes == sorted(sizes, reverse=True)
    places = {"all", "title", "organisation", "window", "kind", "area", "trend", "concept", "word"}
    assert {part["feature"].split(":")[0] for part in found} <= places
