"""The report of a real database: one page that needs no network."""

import json
import re
import sys
from datetime import UTC, date, datetime

import pytest

from indicators.build import build
from indicators.report import MAX_BYTES, ReportError, write_report
from storage.errors import StorageError

HOSTILE = "Map </script><script>alert(1)</script>"


@pytest.fixture
def built(db):
    when = datetime(2026, 1, 5, tzinfo=UTC)
    core = {"grade": "core", "areas": ["open </script> data", "civic tech"]}
    db.signals.insert_many(
        [
            {"_id": "a", "source": "alpha", "kind": "dataset", "published_at": when, "dsi": core,
             "title": "Bus stops of a town", "url": "https://alpha.example/1?a=1&b=2",
             "place": {"country": "DE"}},
            {"_id": "b", "source": "alpha", "kind": "job_advert", "published_at": when, "dsi": core,
             "title": HOSTILE, "url": "javascript:alert(1)"},
            {"_id": "c", "source": "alpha", "kind": "dataset", "published_at": when,
             "dsi": {"grade": "adjacent"}, "title": "Budget of a town"},
        ]
    )  # fmt: skip
    db.runs.insert_many(
        [
            {"_id": "r", "source": "alpha", "state": "done", "started_at": when},
            {"_id": "s", "source": "beta", "state": "failed", "started_at": when},
        ]
    )
    build(db, vintage=date(2026, 2, 10))
    return db


@pytest.fixture
def html(built, tmp_path):
    return write_report(built, tmp_path / "out" / "report.html").read_text()


def specs(html):
    return json.loads(
        re.search(r'<script type="application/json" id="specs">(.*?)</script>', html, re.DOTALL)[1]
    )


def drawn(html, chart):
    (rows,) = specs(html)[chart]["datasets"].values()
    return rows


def test_page_is_the_only_file(built, tmp_path):
    file = write_report(built, tmp_path / "out" / "report.html")
    assert list(file.parent.iterdir()) == [file]
    assert file.stat().st_size < MAX_BYTES


def test_page_loads_nothing(html):
    markup = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert not re.findall(r"<(?:link|iframe|img|base)\b", markup)
    assert re.findall(r"<script[^>]*>", html.replace("<script>alert", "")) == [
        '<script type="application/json" id="specs">',
        "<script>",
        "<script>",
    ]
    assert "default-src 'none'" in html


def test_stored_text_cannot_leave_its_place(html):
    assert "<script>alert" not in html
    assert html.count("</script>") == 3
    assert any(row["area"] == "open </script> data" for row in drawn(html, "chart-1"))


def test_evidence_lists_core_signals_only(html):
    assert '<a href="https://alpha.example/1?a=1&amp;b=2"' in html
    assert "Bus stops of a town" in html
    assert "Map &lt;/script&gt;" in html
    assert "Budget of a town" not in html
    assert "javascript:alert" not in html


def test_banner_names_vintage_and_runs(html):
    assert "Vintage 2026-02-10." in html
    assert "1 done, 1 failed" in html
    assert "2 with a run, 1 of them with a completed run" in html


def test_headline_counts_grades_apart(html):
    assert "<strong>2</strong> core signals, <strong>3</strong>" in html


def test_charts_have_labels_and_tables(html):
    assert html.count("<figure aria-label=") == 3
    assert html.count("<summary>Table: ") == 3
    assert '<html lang="en">' in html
    assert "prefers-color-scheme:dark" in html


def test_charts_can_be_drawn(html):
    import altair as alt
    import vl_convert

    version = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
    for spec in specs(html).values():
        assert "<path" in vl_convert.vegalite_to_svg(spec, vl_version=version)


def test_month_without_observation_is_a_gap(html):
    months = {(row["month"], row["kind"]): row for row in drawn(html, "chart-0")}
    assert months["2026-02", "dataset"]["value"] is None
    assert months["2026-01", "dataset"]["value"] == 1


def test_repeated_report_has_the_same_bytes(built, tmp_path):
    first = write_report(built, tmp_path / "report.html").read_bytes()
    assert write_report(built, tmp_path / "report.html").read_bytes() == first


def test_vintage_that_does_not_exist_is_named(built, tmp_path):
    with pytest.raises(StorageError, match="1999"):
        write_report(built, tmp_path / "report.html", "1999-01-01")


def test_empty_database_says_what_to_run(db, tmp_path):
    with pytest.raises(StorageError, match="indicators build"):
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
