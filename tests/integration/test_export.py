"""Exporting a vintage from a real database."""

from datetime import UTC, date, datetime

import pytest

from indicators.build import build
from indicators.export import export
from storage.errors import StorageError


@pytest.fixture
def built(db):
    when = datetime(2026, 1, 5, tzinfo=UTC)
    db.signals.insert_one(
        {"_id": "a", "source": "alpha", "kind": "dataset", "published_at": when, "dsi": {"grade": "core"}}
    )
    db.runs.insert_one({"_id": "r", "source": "alpha", "state": "done", "started_at": when})
    build(db, vintage=date(2026, 2, 10))
    return db


def test_repeated_export_has_the_same_bytes(built, tmp_path):
    first = {path.name: path.read_bytes() for path in export(built, tmp_path / "out")}
    again = {path.name: path.read_bytes() for path in export(built, tmp_path / "out")}
    assert first == again
    assert len(first) == 6


def test_foreign_folder_is_refused(built, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(StorageError, match="no export made"):
        export(built, tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "x"


def test_missing_vintage_is_named(built, tmp_path):
    with pytest.raises(StorageError, match="1999"):
        export(built, tmp_path / "out", "1999-01-01")


@pytest.mark.filterwarnings("ignore")
def test_data_package_is_valid(built, tmp_path):
    from frictionless import Package

    export(built, tmp_path / "out")
    report = Package(str(tmp_path / "out" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
