"""Exporting a vintage from a real database."""

import csv
import hashlib
import io
import json
import os
import sqlite3
import subprocess
from datetime import UTC, date, datetime

import pytest

from indicators.build import build
from indicators.errors import InputError
from indicators.export import export
from storage.errors import StorageError

WHEN = datetime(2026, 1, 5, tzinfo=UTC)


def signal(key, **more):
    return {"_id": key, "source": "alpha", "kind": "dataset", "published_at": WHEN,
            "place": {"country": "DE"}, "dsi": {"grade": "core", "areas": ["Science"], "model": "m1"},
            **more}  # fmt: skip


@pytest.fixture
def built(db):
    db.signals.insert_one(signal("a"))
    db.runs.insert_one(
        {"_id": "r", "source": "alpha", "state": "done", "started_at": WHEN, "code_version": "0.1"}
    )
    facts = {"id": "alpha", "title": "Alpha, open data", "licence": "CC0-1.0", "country": "DE"}
    build(db, vintage=date(2026, 2, 10), sources=[facts])
    return db


def contents(paths):
    return {path.name: path.read_bytes() for path in paths}


def read(folder, name):
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8"))))


def test_every_promised_file_is_there(built, tmp_path):
    files = contents(export(built, tmp_path / "out", sqlite=True, sdmx=True))
    assert sorted(files) == [
        "CITATION.cff", "SHA256SUMS", "codebook.csv", "coverage.csv", "datapackage.json", "dcat.jsonld",
        "indicators.csv", "indicators.parquet", "indicators.sdmx.csv", "indicators.sqlite",
        "method.md", "network.graphml", "network_edges.csv", "network_nodes.csv", "network_summary.csv", "prov.json",
        "revisions.csv", "signals.csv", "sources.csv",
    ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_repeated_export_has_the_same_bytes_whatever_happened_since(built, tmp_path):
    first = contents(export(built, tmp_path / "one", sqlite=True, sdmx=True))
    built.signals.insert_one(signal("late"))
    built.runs.insert_one({"_id": "s", "source": "beta", "state": "failed", "started_at": WHEN})
    build(built, vintage=date(2026, 2, 11))
    assert contents(export(built, tmp_path / "two", "2026-02-10", sqlite=True, sdmx=True)) == first


def test_late_signal_gives_one_line_of_revisions_and_leaves_the_old_vintage(built, tmp_path):
    before = contents(export(built, tmp_path / "old"))
    built.signals.insert_one(signal("late"))
    assert build(built, vintage=date(2026, 2, 10)).vintage == "2026-02-10-2"
    export(built, tmp_path / "new")
    (line,) = read(tmp_path / "new", "revisions.csv")
    assert (line["period"], line["geo"], line["old"], line["new"]) == ("2026-01", "DE", "1", "2")
    assert (line["previous"], line["vintage"]) == ("2026-02-10", "2026-02-10-2")
    assert contents(export(built, tmp_path / "again", "2026-02-10")) == before


def test_checksums_hold(built, tmp_path):
    files = contents(export(built, tmp_path / "out"))
    listed = dict(reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines())
    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_codebook_explains_every_column_and_marks_the_derived(built, tmp_path):
    export(built, tmp_path / "out")
    book = {row["name"]: row for row in read(tmp_path / "out", "codebook.csv") if row["entry"] == "column"}
    header = (tmp_path / "out" / "indicators.csv").read_text().splitlines()[0].split(",")
    assert list(book) == header
    assert {name for name, row in book.items() if row["origin"] == "derived"} >= {
        "per_million",
        "share",
        "lq",
    }
    named = {row["name"] for row in read(tmp_path / "out", "codebook.csv") if row["entry"] == "indicator"}
    assert {row["indicator"] for row in read(tmp_path / "out", "indicators.csv")} <= named


def test_every_counted_signal_is_listed_with_its_address(built, tmp_path):
    more = {"url": "https://alpha.example/b", "title": "Trees,\n of a town", "dsi": {"grade": "adjacent"}}
    built.signals.insert_many([
        signal("b", **more), signal("none", dsi={"grade": "none"}), signal("copy", canonical=False),
        signal("march", published_at=datetime(2026, 2, 3, tzinfo=UTC)),
    ])  # fmt: skip
    build(built, vintage=date(2026, 2, 11), periods=["2026-01"])
    export(built, tmp_path / "out")
    found = read(tmp_path / "out", "signals.csv")
    assert [(row["signal"], row["period"], row["grade"]) for row in found] == [
        ("a", "2026-01", "core"), ("b", "2026-01", "adjacent"),
    ]  # fmt: skip
    assert (found[1]["url"], found[1]["title"]) == ("https://alpha.example/b", "Trees, of a town")
    assert found[0]["areas"] == "Science"
    counted = [row for row in read(tmp_path / "out", "indicators.csv") if row["indicator"] == "signals"]
    total = [row["value"] for row in counted if row["geo"] == "WORLD" and row["dimension"] == "all"
             and row["grades"] == "core+adjacent" and row["period"] == "2026-01"]  # fmt: skip
    assert total == ["2"]


def test_sources_and_coverage_are_those_of_the_build(built, tmp_path):
    export(built, tmp_path / "out")
    (source,) = read(tmp_path / "out", "sources.csv")
    assert (source["title"], source["licence"], source["signals"]) == ("Alpha, open data", "CC0-1.0", "1")
    (ran,) = read(tmp_path / "out", "coverage.csv")
    assert (ran["source"], ran["month"], ran["state"], ran["runs"]) == ("alpha", "2026-01", "done", "1")


def test_day_of_the_last_run_is_that_of_one_that_was_done(built, tmp_path):
    built.runs.insert_many([
        {"_id": "later", "source": "alpha", "state": "failed", "started_at": datetime(2026, 1, 9, tzinfo=UTC)},
        {"_id": "never", "source": "beta", "state": "failed", "started_at": WHEN},
    ])  # fmt: skip
    built.signals.insert_one(signal("b"))
    build(built, vintage=date(2026, 2, 11))
    export(built, tmp_path / "out")
    found = {row["source"]: row["last_run"] for row in read(tmp_path / "out", "sources.csv")}
    assert found == {"alpha": "2026-01-05", "beta": ""}


def test_provenance_names_runs_code_model_and_tables(built, tmp_path):
    export(built, tmp_path / "out")
    found = json.loads((tmp_path / "out" / "prov.json").read_text())
    assert found["activity"]["dsi:run/r"]["dsi:code_version"] == "0.1"
    assert "dsi:model/m1" in found["entity"]
    assert "dsi:table/population.csv" in found["entity"]


def test_dcat_describes_every_table(built, tmp_path):
    export(built, tmp_path / "out")
    found = json.loads((tmp_path / "out" / "dcat.jsonld").read_text())
    assert found["@type"] == "dcat:Dataset"
    assert found["dct:license"]["@id"].startswith("https://creativecommons.org/")
    for distribution in found["dcat:distribution"]:
        content = (tmp_path / "out" / distribution["dcat:downloadURL"]["@id"]).read_bytes()
        assert distribution["spdx:checksum"]["spdx:checksumValue"] == hashlib.sha256(content).hexdigest()


def test_dcat_is_rdf(built, tmp_path):
    pyoxigraph = pytest.importorskip("pyoxigraph", reason="pyoxigraph is not installed")
    export(built, tmp_path / "out")
    text = (tmp_path / "out" / "dcat.jsonld").read_text()
    quads = list(
        pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD, base_iri="https://data.example/")
    )
    assert sum("distribution" in str(quad.predicate) for quad in quads) >= 7


def test_sqlite_and_parquet_hold_the_table(built, tmp_path):
    import pyarrow.parquet as pq

    export(built, tmp_path / "out", sqlite=True)
    rows = len(read(tmp_path / "out", "indicators.csv"))
    assert pq.read_table(tmp_path / "out" / "indicators.parquet").num_rows == rows
    connection = sqlite3.connect(tmp_path / "out" / "indicators.sqlite")
    assert connection.execute("SELECT count(*) FROM indicators").fetchone() == (rows,)
    connection.close()


def test_sdmx_has_its_leading_columns(built, tmp_path):
    export(built, tmp_path / "out", sdmx=True)
    row = read(tmp_path / "out", "indicators.sdmx.csv")[0]
    assert list(row)[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert (row["TIME_PERIOD"], row["OBS_STATUS"]) == ("2026-01", "A")


def test_earlier_export_is_replaced_as_a_whole(built, tmp_path):
    export(built, tmp_path / "out", sqlite=True)
    export(built, tmp_path / "out")
    assert not (tmp_path / "out" / "indicators.sqlite").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_foreign_folder_is_refused(built, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(StorageError, match="no export made"):
        export(built, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_place_that_cannot_be_a_folder_is_refused(built, tmp_path, place):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="choose"):
        export(built, tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_folder_that_is_not_writable_is_refused(built, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who may write anywhere
    with pytest.raises(InputError, match="not writable"):
        export(built, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_full_disk_keeps_the_earlier_export(built, tmp_path, monkeypatch):
    before = contents(export(built, tmp_path / "out"))
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(InputError, match="No space left"):
        export(built, tmp_path / "out")
    monkeypatch.undo()
    assert contents((tmp_path / "out").iterdir()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_earlier_export_moved_aside_by_a_killed_one_is_put_back(built, tmp_path):
    before = contents(export(built, tmp_path / "out"))
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    (tmp_path / "out").rename(tmp_path / f".out.old-{gone.pid}")
    (tmp_path / f".out.new-{gone.pid}").mkdir()
    with pytest.raises(StorageError, match="1999"):
        export(built, tmp_path / "out", "1999-01-01")
    assert contents(export(built, tmp_path / "out")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_missing_vintage_is_named(built, tmp_path):
    with pytest.raises(StorageError, match="1999") as caught:
        export(built, tmp_path / "out", "1999-01-01")
    assert caught.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore")
def test_data_package_is_valid(built, tmp_path):
    from frictionless import Package

    grant = {
        "kind": "award",
        "organisation": {"name": "Fund of a town"},
        "recipient": {"name": "Makers of a town"},
    }
    built.signals.insert_many([signal("late"), signal("grant", **grant)])
    build(built, vintage=date(2026, 2, 11))
    export(built, tmp_path / "out", sqlite=True, sdmx=True)
    assert [row["kinds"] for row in read(tmp_path / "out", "network_edges.csv")] == ["grant"]
    report = Package(str(tmp_path / "out" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert {task.name for task in report.tasks} >= {
        "indicators",
        "coverage",
        "sources",
        "revisions",
        "codebook",
    }
    descriptor = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
