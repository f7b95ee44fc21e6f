"""`dsi sources`: what is wrong with source files, and how the sources are doing."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from crawler.cli import app

SOURCE = 'title = "Board"\nprotocol = "greenhouse"\nurl = "https://example.org/jobs"\n'


@pytest.fixture
def run(db, database_uri, tmp_path, monkeypatch):
    """Run a verb of `dsi sources` in this process with the source files of the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONGODB_URI", database_uri)
    monkeypatch.setenv("DSI_DATABASE", db.name)
    (tmp_path / "mine" / "jobs").mkdir(parents=True)

    def verb(*arguments):
        answer = CliRunner().invoke(app, ["sources", *arguments])
        code = getattr(answer.exception, "exit_code", answer.exit_code)
        return code, answer.stdout, f"{answer.stderr}{answer.exception or ''}"

    return verb


def write(tmp_path, name, text):
    (tmp_path / "mine" / "jobs" / f"{name}.toml").write_text(text, "utf-8")


def test_check_lists_the_problems_of_every_file(run, tmp_path):
    write(tmp_path, "one", "title =")
    write(tmp_path, "two", SOURCE + 'colour = "red"\n')
    write(tmp_path, "three", SOURCE.replace("greenhouse", "telepathy"))
    write(tmp_path, "four", SOURCE + "[params]\ncolour = 1\n")
    code, _, said = run("check", "--sources", "mine")
    assert code == 3
    assert "one.toml: not valid TOML" in said
    assert "two.toml: colour: unknown key" in said
    assert "source three: protocol: 'telepathy' is unknown" in said
    assert "source four: params.colour: unknown key" in said


def test_check_lists_a_missing_folder_beside_the_rest(run, tmp_path):
    write(tmp_path, "one", "title =")
    _, _, said = run("check", "--sources", "absent", "--sources", "mine")
    assert "absent: no such folder" in said
    assert "one.toml: not valid TOML" in said


def hours_ago(number):
    return datetime.now(UTC) - timedelta(hours=number)


UNCHANGED, NO_CHANGES = (
    {"state": "done", "read": 0, "extra": {said: True}} for said in ("not_modified", "changes_only")
)
UNDER_WAY = {"state": "running", "heartbeat_at": datetime.now(UTC) + timedelta(days=1)}
KILLED = {"state": "running"}


@pytest.mark.parametrize(("runs", "verdict"), [
    ([], "never run"),
    ([UNDER_WAY], "first run"),
    ([KILLED], "failing"),
    ([{"state": "done", "read": 5}, KILLED], "last run failed"),
    ([{"state": "failed"}], "failing"),
    ([{"state": "done", "read": 5}], "ok"),
    ([{"state": "done", "read": 5}, {"state": "failed"}], "last run failed"),
    ([{"state": "done", "read": 5}, UNDER_WAY], "ok"),
    ([{"state": "failed"}, UNDER_WAY], "failing"),
    ([{"state": "done", "read": 0}], "ok"),
    ([{"state": "done", "read": 5}, {"state": "done", "read": 0}], "silent"),
    ([{"state": "done", "read": 5}, {"state": "done", "read": 0}, UNDER_WAY], "silent"),
    ([{"state": "done", "read": 5}, *[{"state": "done", "read": 0}] * 6], "silent"),
    ([{"state": "done", "read": 5}, {"state": "done", "read": 0}, {"state": "done", "read": 5}], "ok"),
    ([{"state": "done", "read": 5}, UNCHANGED], "ok"),
    ([{"state": "done", "read": 5}, NO_CHANGES], "ok"),
    ([{"state": "done", "read": 5}, {"state": "done", "read": 0, "since": hours_ago(9)}], "ok"),
    ([{"state": "done", "read": 5}, {"state": "done", "read": 0}, UNCHANGED], "silent"),
])  # fmt: skip
def test_health_follows_from_the_runs(run, db, tmp_path, runs, verdict):
    write(tmp_path, "board", SOURCE)
    db.runs.insert_many([
        {"_id": f"r{number}", "source": "board", "started_at": hours_ago(len(runs) - number), **facts}
        for number, facts in enumerate(runs)
    ] or [{"_id": "r", "source": "other", "state": "done", "started_at": hours_ago(1)}])  # fmt: skip
    _, output, _ = run("health", "--sources", "mine", "--json")
    assert [row["health"] for row in json.loads(output) if row["source"] == "board"] == [verdict]


def test_a_source_whose_last_success_is_two_cadences_ago_is_overdue(run, db, tmp_path):
    write(tmp_path, "board", SOURCE + "cadence_hours = 24\n")
    db.runs.insert_one(
        {"_id": "r", "source": "board", "state": "done", "read": 1, "started_at": hours_ago(49)}
    )
    _, output, _ = run("health", "--sources", "mine", "--json")
    assert [row["health"] for row in json.loads(output) if row["source"] == "board"] == ["overdue"]
