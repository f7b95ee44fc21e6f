"""Dumps: JSON, JSON Lines, CSV, Parquet and XML give the same records; damage stays local."""

import csv
import gzip
import io
import json

import pyarrow
import pyarrow.parquet
import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from spiders.records import Records

ROWS = [{"id": "1", "title": "Repair café"}, {"id": "2", "title": "Tool library"}]


def read(tmp_path, body, **params):
    path = tmp_path / "dump"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return list(parse_file("records", path, None, params, {"records": Records}))


def parquet(rows):
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(ROWS),
        "\n".join(map(json.dumps, ROWS)),
        "\ufeffid;title\n1;Repair café\n2;Tool library\n",
        "id,title\r\n1,Repair café\r\n2,Tool library\r\n",
        "id,title\n1,Repair café\n2,Tool library\n".encode("windows-1252"),
        parquet(ROWS),
        gzip.compress(json.dumps(ROWS).encode()),
        "<r><i><id>1</id><title>Repair café</title></i><i><id>2</id><title>Tool library</title></i></r>",
    ],
    ids=["json", "jsonl", "csv-semicolon", "csv-comma", "csv-1252", "parquet", "gzip", "xml"],
)
def test_every_format_gives_the_same_records(tmp_path, body):
    assert [(f.native_id, f.title) for f in read(tmp_path, body)] == [
        ("1", "Repair café"),
        ("2", "Tool library"),
    ]


def test_a_field_map_reaches_into_a_record(tmp_path):
    body = json.dumps({"data": [{"ref": 7, "name": {"en": "Grant"}, "sum": "1,200", "cur": "EUR"}]})
    fields = {"native_id": "ref", "title": "name.en", "money": {"amount": "sum", "currency": "cur"}}
    (found,) = read(tmp_path, body, format="json", items_path="data", kind="award", fields=fields)
    assert (found.native_id, found.title, found.money.amount, found.money.currency) == (
        "7",
        "Grant",
        1200.0,
        "EUR",
    )


def test_the_kind_may_come_from_a_field(tmp_path):
    body = json.dumps([{"id": 1, "title": "A", "t": "job"}, {"id": 2, "title": "B", "t": "award"}])
    found = read(tmp_path, body, kind_field="t", kinds={"job": "job_advert"})
    assert [f.kind for f in found] == ["job_advert", "award"]


def test_a_broken_line_is_an_issue_and_the_lines_around_it_stay(tmp_path):
    found = read(tmp_path, '{"id": 1, "title": "A"}\n{"id": 2, "ti\n{"id": 3, "title": "C"}\n')
    assert [isinstance(f, Issue) for f in found] == [False, True, False]


@pytest.fixture
def usual_csv_limit():
    """The limit of a crawl; packages that the tests of exports load raise it for the whole process."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("usual_csv_limit")
def test_an_oversized_csv_field_is_an_issue_and_the_rows_after_it_stay(tmp_path):
    found = read(tmp_path, "id,title\n1,A\n2," + "x" * 140_000 + "\n3,C\n")
    assert [f.title for f in found if not isinstance(f, Issue)] == ["A", "C"]
    assert [f.code for f in found if isinstance(f, Issue)] == ["bad-record"]


def test_a_csv_row_with_more_cells_than_columns_is_an_issue_and_the_rows_after_it_stay(tmp_path):
    body = "id,title,text\n1,Role, Berlin, a text with, three, commas\n2,Mapper,Draw maps.\n"
    broken, whole = read(tmp_path, body)
    assert broken.code == "bad-record"
    assert "record 1: 3 cells more than the header names" in broken.message
    assert "a text with" in broken.record
    assert (whole.title, whole.text) == ("Mapper", "Draw maps.")


def test_empty_cells_at_the_end_of_a_csv_row_are_no_damage(tmp_path):
    (found,) = read(tmp_path, "id;title\n1;Role;; \n")
    assert found.title == "Role"


def test_a_record_without_title_and_text_is_an_issue(tmp_path):
    (found,) = read(tmp_path, '[{"id": 1}]')
    assert found.code == "missing-title"


def test_an_unknown_kind_is_an_issue(tmp_path):
    (found,) = read(tmp_path, '[{"id": 1, "title": "A"}]', kind="song")
    assert found.code == "unknown-kind"


def test_an_empty_list_is_no_error(tmp_path):
    assert read(tmp_path, "[]") == []


def test_one_damaged_byte_does_not_spoil_the_other_letters(tmp_path):
    body = '[{"id": 1, "title": "äöü X"}]'.encode().replace(b"X", b"\xff")
    assert read(tmp_path, body)[0].title == "äöü \ufffd"


@pytest.mark.parametrize(
    ("body", "params", "code"),
    [
        ("", {}, "empty-page"),
        ("<!doctype html><html></html>", {"format": "json"}, "html-answer"),
        ("<!doctype html><html><body></body></html>", {}, "not-xml"),
        ("{", {"format": "json"}, "not-json"),
        ('{"a": 1}', {"format": "json", "items_path": "rows"}, "no-records"),
        (b"PAR1 and nothing more", {}, "not-parquet"),
        (b"PAR1", {"format": "xml"}, "not-xml"),
    ],
)
def test_an_answer_of_another_kind_is_refused(tmp_path, body, params, code):
    with pytest.raises(SourceResponseError) as caught:
        read(tmp_path, body, **params)
    assert caught.value.code == code
