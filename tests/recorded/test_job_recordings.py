"""Every recorded answer with adverts through the reader of its protocol, against `expected.toml`."""

import pytest

from crawler.extract import main_text
from crawler.normalise.dates import parse_date
from crawler.normalise.text import looks_like_html, plain_text
from tests.support.expected import expected, measure
from tests.support.shared import DATA, recording

pytestmark = pytest.mark.recorded

ROWS = expected()
WITH_ADVERTS = [row for row in ROWS if row["records"]]
DOCUMENTS = {
    "jobs/raw/arbeitsagentur/openapi_v4.yaml",
    "jobs/raw/francetravail/offres_v2_response_fixture.ts.txt",
}
"""Descriptions of an interface, not answers."""


def of(rows):
    return pytest.mark.parametrize("row", rows, ids=lambda row: row["file"].removeprefix("jobs/raw/"))


@of(ROWS)
def test_records_issues_and_fields_are_those_expected(row):
    items, codes, filled = measure(row, recording(row["file"]))
    assert (len(items), codes, filled) == (row["records"], row.get("issues", []), row.get("filled", {}))


@of(WITH_ADVERTS)
def test_every_record_of_the_file_is_read_and_has_an_identity_of_its_own(row):
    path = recording(row["file"])
    items, _, _ = measure(row, path)
    assert path.read_text(encoding="utf-8").count(row["marker"]) == len(items)
    assert len({item.native_id or item.url for item in items}) == row.get("distinct", len(items))


@of(WITH_ADVERTS)
def test_dates_are_readable_and_texts_are_text(row):
    items, _, _ = measure(row, recording(row["file"]))
    for item in items:
        raw = item.published_raw or item.updated_raw or item.closes_raw
        assert raw is None or raw.startswith("Posted ") or parse_date(raw, "FR"), raw
        text = (
            plain_text(item.html) if item.html else main_text(item.page, item.url) if item.page else item.text
        )
        assert not looks_like_html(text), text[:200]
        assert "&nbsp;" not in text
        assert "&amp;lt;" not in text


def test_every_recorded_answer_is_in_the_table():
    folder = DATA / "jobs" / "raw"
    if not folder.is_dir():
        pytest.skip("the recorded answers are not beside the repository")
    files = {str(path.relative_to(DATA)) for path in folder.rglob("*") if path.is_file()}
    assert files - DOCUMENTS == {row["file"] for row in ROWS}
