"""The report in headless Chromium with the network blocked: what a reader sees, at two widths."""

import re

import pytest

from indicators import vintages
from indicators.report import write_report
from tests.support.browser import inspect, missing, screenshot
from tests.support.observatory import fill

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(missing() is not None, reason=missing() or ""),
]

WIDTHS = (360, 1280)
CHARTS = {
    "chart-time", "chart-map", "chart-cities", "chart-matrix", "chart-area", "chart-trend",
    "chart-technology", "chart-funding", "chart-network",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(database_uri, tmp_path_factory):
    """A page, the rows of its vintage, and a way to look at it."""
    from storage.collections import migrate
    from storage.connection import open_database

    with open_database(database_uri, name="test_report_browser") as db:
        db.client.drop_database(db.name)
        migrate(db)
        fill(db)
        page = write_report(db, tmp_path_factory.mktemp("browser") / "report.html")
        rows = list(vintages.rows(db, vintages.resolve(db), {"dimension": "all"}))
        db.client.drop_database(db.name)
    return page, rows


@pytest.fixture(scope="module")
def seen(world):
    page, _ = world
    return {width: inspect(page, width) for width in WIDTHS}


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_asked_for_and_nothing_fails(seen, width):
    found = seen[width]
    assert (found["requests"], found["blocked"], found["errors"]) == ([], [], [])
    assert found["foreign"] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_overflows(seen, width):
    found = seen[width]
    assert (found["width"], found["page"]) == (width, width)
    assert found["over"] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_chart_is_drawn_and_has_an_accessible_name(seen, width):
    charts = {chart["id"]: chart for chart in seen[width]["charts"]}
    assert set(charts) == CHARTS
    for name, chart in charts.items():
        assert not chart["empty"], name
        assert len(chart["name"]) > 20, name
        assert chart["group"], name
        assert chart["marks"] > 5, name


def test_every_field_has_a_label_and_every_chart_a_table(seen):
    found = seen[1280]
    assert found["unlabelled"] == 0
    assert found["tables"].keys() >= {
        "Signals by month and kind", "Signals by country", "Signals by area and technology",
        "Funding by month", "Connectedness", "Signals by area", "Signals by trend", "Signals by technology",
    }  # fmt: skip


def test_the_map_marks_malta_and_luxembourg(seen):
    (chart,) = [chart for chart in seen[1280]["charts"] if chart["id"] == "chart-map"]
    assert {"MT", "LU"} <= set(chart["texts"])


def test_numbers_and_intervals_are_those_of_the_vintage(world, seen):
    _, rows = world
    wanted = {
        (row["period"], row["kind"].replace("_", " ").capitalize()): row
        for row in rows
        if (row["indicator"], row["geo"], row["grades"]) == ("signals", "WORLD", "core")
    }
    table = seen[1280]["tables"]["Signals by month and kind"]
    assert len(table) == len(wanted)
    for month, kind, value, interval, status in table:
        row = wanted[month, kind]
        if row["value"] is None:
            assert (value, interval, status) == ("–", "–", "not observed")
            continue
        assert int(re.match(r"[\d,]+", value)[0].replace(",", "")) == row["value"]
        low, high = (float(bound) for bound in interval.split(" to "))
        assert (low, high) == pytest.approx((row["ci_low"], row["ci_high"]), abs=0.051)


def test_rates_are_those_of_the_vintage(world, seen):
    _, rows = world
    per_million = {}
    for row in rows:
        wanted = ("signals", "DE", "core")
        if (row["indicator"], row["geo"], row["grades"]) == wanted and row["per_million"] is not None:
            per_million[row["period"]] = per_million.get(row["period"], 0) + row["per_million"]
    (germany,) = [row for row in seen[1280]["tables"]["Signals by country"] if row[0] == "Germany"]
    assert float(germany[3]) == pytest.approx(sum(per_million.values()), abs=0.006)


def test_the_choice_in_the_address_is_applied(world):
    page, rows = world
    found = inspect(page, 1280, "#place=FR&kind=dataset&grades=core%2Badjacent&map=rate")
    assert found["fields"] | {"period": "", "counting": ""} == {
        "place": "FR", "kind": "dataset", "grades": "core+adjacent", "map": "rate",
        "period": "", "counting": "",
    }  # fmt: skip
    assert "France" in found["status"]
    total = sum(
        row["value"] or 0 for row in rows
        if (row["indicator"], row["geo"], row["grades"]) == ("signals", "FR", "core+adjacent")
        and row["kind"] == "dataset"
    )  # fmt: skip
    (dataset,) = found["tables"]["Signals by kind"]
    assert dataset[2].startswith(f"{total} ")


def test_a_choice_that_does_not_exist_falls_back(world):
    page, _ = world
    found = inspect(page, 1280, "#place=XX&kind=song&period=1066&e.place=XX")
    assert (found["fields"]["place"], found["fields"]["kind"], found["errors"]) == ("WORLD", "all", [])
    assert found["listed"] == []


def test_a_number_leads_to_the_signals_behind_it(world, seen):
    page, _ = world
    (link,) = {link for link in seen[1280]["links"] if "e.place=IT" in link}
    found = inspect(page, 1280, link)
    (italy,) = [row for row in seen[1280]["tables"]["Signals by country"] if row[0] == "Italy"]
    assert len(found["listed"]) == int(italy[1].split()[0])
    assert all("Italy" in entry and "source it-" in entry for entry in found["listed"])
    assert "dsi items --where grade=core --where country=IT" in found["filter"].replace("'", "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_can_be_taken(world, tmp_path, scheme):
    page, _ = world
    file = tmp_path / f"{scheme}.png"
    screenshot(page, file, 360, 900, scheme=scheme)
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size > 20_000


def test_the_judge_sees_a_request_an_error_and_a_text_that_is_too_wide(world, tmp_path):
    page, _ = world
    spoiled = tmp_path / "spoiled.html"
    extra = (
        '<img src="https://far.example/x.png"><p style="width:900px">wide</p><script>nothing.here()</script>'
    )
    spoiled.write_text(page.read_text(encoding="utf-8").replace("<main>", f"<main>{extra}"), encoding="utf-8")
    found = inspect(spoiled, 360)
    assert found["blocked"] == ["https://far.example/x.png"]
    assert any("nothing is not defined" in error for error in found["errors"])
    assert found["page"] > 360
    assert any(text[2] == "wide" for text in found["over"])
