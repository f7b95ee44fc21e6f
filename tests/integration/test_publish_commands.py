"""The verbs that publish: exit codes, messages, and that nothing is half written."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli import app

ROOT = Path(__file__).parents[2]
WHEN = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def run(db, database_uri, tmp_path, monkeypatch):
    """Run a verb in this process; errors become what `dsi` answers with."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONGODB_URI", database_uri)
    monkeypatch.setenv("DSI_DATABASE", db.name)
    db.signals.insert_one(
        {"_id": "a", "source": "alpha", "kind": "dataset", "family": "portals", "published_at": WHEN,
         "place": {"country": "DE"}, "dsi": {"grade": "core"}}
    )  # fmt: skip
    db.runs.insert_one({"_id": "r", "source": "alpha", "state": "done", "started_at": WHEN})

    def verb(*arguments):
        answer = CliRunner().invoke(app, [str(argument) for argument in arguments])
        code = (
            getattr(answer.exception, "exit_code", answer.exit_code) if answer.exception else answer.exit_code
        )
        return code, answer.stdout, str(answer.exception or answer.stderr)

    return verb


def built(run):
    assert run("indicators", "build", "--vintage", "2026-02-10")[0] == 0


def test_build_tells_what_it_made(run):
    code, output, _ = run("indicators", "build", "--vintage", "2026-02-10", "--json")
    found = json.loads(output)
    assert (code, found["vintage"], found["created"], found["revisions"]) == (0, "2026-02-10", True, [])
    assert found["rows"] > 0


def test_second_vintage_of_a_day_with_the_same_numbers_is_none(run):
    built(run)
    code, output, _ = run("indicators", "build", "--vintage", "2026-02-10")
    assert code == 0
    assert "nothing was written" in output


def test_sources_of_the_registry_are_exported(run, tmp_path):
    built(run)
    assert run("export", tmp_path / "out")[0] == 0
    assert "gb-data-gov" in (tmp_path / "out" / "sources.csv").read_text(encoding="utf-8")


def test_flags_add_files(run, tmp_path):
    built(run)
    code, output, _ = run("export", tmp_path / "out", "--sqlite", "--sdmx")
    assert code == 0
    assert {"indicators.sqlite", "indicators.sdmx.csv"} <= {Path(line).name for line in output.split()}


@pytest.mark.parametrize(("arguments", "said"), [
    (["indicators", "build", "--since", "2026-3"], "not a month"),
    (["indicators", "build", "--vintage", "2026-02-10", "--until", "1999-01"], "nothing to count"),
    (["indicators", "build", "--vintage", "2026-02-12", "--period", "1999-01"], "1999-01"),
    (["indicators", "build", "--vintage", "2026-01-31"], "order of time"),
    (["indicators", "show", "--period", "1999-01"], "no such month"),
    (["indicators", "show", "--country", "QQ"], "QQ"), (["indicators", "show", "--country", "de"], "de"),
    (["indicators", "show", "--country", "Germany"], "Germany"),
    (["indicators", "show", "--indicator", "x"], "known are"),
    (["indicators", "show", "--vintage", "1999-01-01"], "1999-01-01"),
    (["export", "out", "--vintage", "1999"], "1999"),
])  # fmt: skip
def test_what_cannot_be_meant_is_a_usage_error(run, db, tmp_path, arguments, said):
    built(run)
    before = [db[name].count_documents({}) for name in ("indicators", "vintages", "vintage_files.files")]
    code, _, error = run(*arguments)
    assert code == 2
    assert said in error
    assert [
        db[name].count_documents({}) for name in ("indicators", "vintages", "vintage_files.files")
    ] == before
    assert list(tmp_path.iterdir()) == []


def test_without_a_vintage_the_way_to_one_is_named(run):
    code, _, error = run("indicators", "show")
    assert code == 2
    assert "dsi indicators build" in error


def test_show_prints_rows_of_one_country(run):
    built(run)
    code, output, _ = run("indicators", "show", "--country", "DE", "--period", "2026-01", "--json")
    assert code == 0
    assert {(row["geo"], row["period"], row["indicator"]) for row in json.loads(output)} == {
        ("DE", "2026-01", "signals")
    }


def test_audit_sample_goes_through_the_labelling_verbs_into_the_numbers(run, db, tmp_path):
    db.signals.insert_many([
        {"_id": f"s{n:02}", "source": "alpha", "kind": "dataset", "family": "portals", "published_at": WHEN,
         "title": f"Title {n}", "place": {"country": "DE"}, "dsi": {"grade": "core", "score": 0.9}}
        for n in range(40)
    ])  # fmt: skip
    db.signals.delete_one({"_id": "a"})
    code, output, _ = run("indicators", "audit", "--size", "30")
    lines = [json.loads(line) for line in output.splitlines()]
    assert (code, len(lines), lines[0]["reason"]) == (0, 30, "audit")
    for number, line in enumerate(lines):
        line |= {"annotator": "x", "grade": "core" if number % 2 else "none"}
    (tmp_path / "read.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    assert run("label", "import", "read.jsonl")[0] == 0
    built(run)
    _, output, _ = run("indicators", "show", "--country", "DE", "--period", "2026-01", "--json")
    row = next(row for row in json.loads(output) if row["grades"] == "core" and row["dimension"] == "all")
    assert row["value"] == 40
    assert row["corrected_low"] <= 20 <= row["corrected_high"] < 40


def test_error_is_one_line_and_an_exit_code_in_a_process_of_its_own(run, db, database_uri, tmp_path):
    built(run)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    environment = {
        **os.environ,
        "MONGODB_URI": database_uri,
        "DSI_DATABASE": db.name,
        "PYTHONPATH": str(ROOT),
    }
    answer = subprocess.run(
        [sys.executable, "-m", "crawler.cli", "export", "mine"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == "dsi: mine: holds files that no export made; choose an empty folder\n"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
