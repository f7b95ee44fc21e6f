"""The report of a real database: one page that needs no network, with the numbers of the vintage."""

import json
import re
import sys
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from indicators import vintages
from indicators.build import build
from indicators.errors import InputError
from indicators.page import as_json
from indicators.report import MAX_BYTES, ReportError, write_report
from storage.collections import migrate
from storage.connection import open_database
from tests.support.observatory import COUNTRIES, fill

MARKUP = re.compile(r"<script.*?</script>", re.DOTALL)


@pytest.fixture(scope="module")
def built(database_uri):
    with open_database(database_uri, name=f"test_{uuid.uuid4().hex}") as database:
        migrate(database)
        fill(database)
        yield database
        database.client.drop_database(database.name)


@pytest.fixture(scope="module")
def html(built, tmp_path_factory):
    return write_report(built, tmp_path_factory.mktemp("page") / "report.html").read_text(encoding="utf-8")


def part(html, name):
    return json.loads(
        re.search(rf'<script type="application/json" id="data-{name}">(.*?)</script>', html, re.DOTALL)[1]
    )


def test_page_is_the_only_file(built, tmp_path):
    file = write_report(built, tmp_path / "out" / "report.html")
    assert list(file.parent.iterdir()) == [file]
    assert file.stat().st_size < MAX_BYTES


def test_page_loads_nothing(html):
    markup = MARKUP.sub("", html)
    assert not re.findall(r"<(?:link|iframe|img|base|object|embed|video|audio)\b|url\(|@import", markup)
    assert not re.findall(r"<script[^>]+src", html)
    assert "default-src 'none'" in html


def test_stored_text_cannot_leave_its_place(html):
    assert "<script>alert" not in html
    assert html.count("</script>") == html.count("<script") == 5
    titles = [row[0] for row in part(html, "numbers")["evidence"]["rows"]]
    assert any("</script>" in title for title in titles)


@pytest.mark.parametrize("text", ["</script>", "<!--", "</SCRIPT x"])
def test_json_in_a_page_cannot_end_its_element(text):
    assert text not in as_json({"a": text})
    assert json.loads(as_json({"a": text})) == {"a": text}


def test_addresses_that_would_run_something_are_left_out(html):
    assert "javascript:" not in json.dumps(part(html, "numbers"))


def test_map_holds_every_country_and_marks_the_small_ones(html):
    shapes = part(html, "shapes")
    assert set(COUNTRIES) <= {shape.get("id") for shape in shapes["objects"]["europe"]["geometries"]}
    assert set(shapes["markers"]) == {"LU", "MT"}
    assert "Natural Earth" in shapes["source"]


def test_cells_are_those_of_the_vintage(built, html):
    numbers = part(html, "numbers")
    shown = {}
    for place, kind, grade, letters, values, *_ in numbers["cells"]:
        for month, letter in enumerate(letters):
            if letter != "-":
                key = (
                    numbers["months"][month],
                    numbers["places"][place][0],
                    numbers["kinds"][kind],
                    numbers["grades"][grade],
                )
                shown[key] = None if letter == "L" else values[month] if values else 0
    wanted = {"indicator": "signals", "dimension": "all", "geo_level": {"$in": ["country", "eu", "world"]}}
    rows = vintages.rows(built, vintages.resolve(built), wanted)
    assert shown == {(row["period"], row["geo"], row["kind"], row["grades"]): row["value"] for row in rows}


def test_labels_add_up_to_those_of_the_vintage(built, html):
    numbers = part(html, "numbers")
    shown = {}
    for dimension, _, place, kind, grade, member, full, fractional in numbers["labels"]:
        key = (dimension, numbers["places"][place][0], numbers["kinds"][kind], numbers["grades"][grade],
               numbers["members"][dimension][member])  # fmt: skip
        known = shown.setdefault(key, [0, 0])
        known[0] += full
        known[1] += fractional
    rows = vintages.rows(built, vintages.resolve(built), {"indicator": "signals", "dimension": "technology"})
    sums = {}
    for row in rows:
        key = (row["dimension"], row["geo"], row["kind"], row["grades"], row["member"])
        sums.setdefault(key, [0, 0])[row["counting"] != "full"] += row["value"] or 0
    assert {key for key in shown if key[0] == "technology"} == set(sums)
    assert all(shown[key] == pytest.approx(pair, abs=0.01) for key, pair in sums.items())


def test_not_observed_is_not_zero(html):
    numbers = part(html, "numbers")
    codes = [place[0] for place in numbers["places"]]
    (letters,) = [
        row[3] for row in numbers["cells"]
        if (codes[row[0]], numbers["kinds"][row[1]], row[2]) == ("AT", "dataset", 0)
    ]  # fmt: skip
    assert letters.startswith("U") or "L" in letters


def test_evidence_reaches_every_country_and_kind(html):
    numbers = part(html, "numbers")
    rows = numbers["evidence"]["rows"]
    codes = [place[0] for place in numbers["places"]]
    counted = {
        (codes[place], numbers["kinds"][kind])
        for place, kind, grade, _, values, *_ in numbers["cells"]
        if numbers["places"][place][2] == "country"
        and numbers["grades"][grade] == "core"
        and values
        and sum(values)
    }
    assert counted <= {(row[5], row[4]) for row in rows}
    assert {row[6] for row in rows} == {"core", "adjacent"}


def test_network_names_the_evidence_of_a_link(html):
    examples = part(html, "numbers")["network"]["examples"]
    assert [
        "Maker 0",
        "Maker 1",
        1,
        "project",
        ["Seed library", "https://seeds.example/", "register", "2025-12-03"],
    ] in examples


def test_banner_names_vintage_and_sources(html):
    markup = MARKUP.sub("", html)
    assert "Vintage 2026-03-10, built" in markup
    assert "Provisional, because not over: 2026-03." in markup
    assert "No audit sample has been labelled yet" in markup
    assert "Data of Germany" in markup


def test_a_source_that_only_failed_does_not_count_as_read(db, tmp_path):
    when = datetime(2026, 1, 5, tzinfo=UTC)
    signal = {"source": "alpha", "kind": "dataset", "published_at": when, "dsi": {"grade": "core"}}
    db.signals.insert_one({"_id": "a", **signal})
    db.runs.insert_many([
        {"_id": "r", "source": "alpha", "state": "done", "started_at": when},
        {"_id": "s", "source": "beta", "state": "failed", "started_at": when + timedelta(days=1)},
    ])  # fmt: skip
    build(db, vintage=date(2026, 2, 10))
    page = write_report(db, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Sources: 1 of 2 completed a run, the last one on 2026-01-05." in page


def test_every_chart_has_a_group_a_heading_and_a_table(html):
    markup = MARKUP.sub("", html)
    figures = re.findall(r"<figure[^>]*>.*?</figure>", markup, re.DOTALL)
    assert len(figures) == markup.count('class="chart"') == 9
    for figure in figures:
        heading = re.search(r'role="group" aria-labelledby="([\w-]+)"', figure)[1]
        assert re.search(rf'<h[23] id="{heading}"', markup)
        assert 'id="table-' in figure
    assert '<html lang="en">' in html


def test_charts_can_be_drawn_without_a_browser(html):
    import altair as alt
    import vl_convert

    version = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
    rows = {
        "series": [{"panel": "a", "month": "2026-01", "value": 1, "low": 0, "high": 2, "corrected": 1.5,
                    "corrected_low": 1, "corrected_high": 2, "status": "normal"}],
        "bars": [{"name": "a", "value": 1, "low": 0, "high": 2}],
        "matrix": [{"area": "a", "technology": "b", "value": 3}],
        "europe": [{"code": "MT", "name": "Malta", "value": 1, "shown": 1, "text": "1", "x": 4, "y": -9}],
        "network": [{"x": 0, "y": 0, "name": "a", "country": "DE", "partners": 1, "community": "1"}],
    }  # fmt: skip
    for name, spec in part(html, "specs").items():
        links = [{"x": 0, "y": 0, "x2": 1, "y2": 1, "weight": 1}]
        filled = {**spec, "datasets": {"rows": rows[name], "links": links, "shapes": part(html, "shapes")}}
        assert "<path" in vl_convert.vegalite_to_svg(filled, vl_version=version), name


def test_repeated_report_has_the_same_bytes(built, tmp_path):
    first = write_report(built, tmp_path / "report.html").read_bytes()
    assert write_report(built, tmp_path / "report.html").read_bytes() == first


def test_a_page_that_would_be_too_large_shows_fewer_months(built, tmp_path, monkeypatch):
    whole = write_report(built, tmp_path / "report.html").stat().st_size
    monkeypatch.setattr("indicators.report.MONTHS_SHOWN", (60, 2))
    monkeypatch.setattr("indicators.report.MAX_BYTES", whole - 1)
    html = write_report(built, tmp_path / "report.html").read_text(encoding="utf-8")
    assert part(html, "numbers")["months"] == ["2026-02", "2026-03"]


def test_a_page_that_cannot_be_small_enough_is_refused(built, tmp_path, monkeypatch):
    monkeypatch.setattr("indicators.report.MAX_BYTES", 1000)
    with pytest.raises(ReportError, match="more than 1000"):
        write_report(built, tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_vintage_that_does_not_exist_is_named(built, tmp_path):
    with pytest.raises(InputError, match="1999"):
        write_report(built, tmp_path / "report.html", "1999-01-01")


def test_empty_database_says_what_to_run(db, tmp_path):
    with pytest.raises(InputError, match="indicators build"):
        write_report(db, tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_missing_library_says_what_to_install(built, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(ReportError, match=r"pip install '\.\[report\]'") as caught:
        write_report(built, tmp_path / "report.html")
    assert caught.value.exit_code == 3


def test_folder_in_place_of_the_file_is_reported(built, tmp_path):
    (tmp_path / "report.html").mkdir()
    with pytest.raises(ReportError, match="choose another file"):
        write_report(built, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
