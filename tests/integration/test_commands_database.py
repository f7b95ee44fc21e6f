"""What the verbs do to the database: those that read change nothing, those that write migrate first."""

import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from crawler.cli import app
from storage import evidence

READING = (
    ("items",), ("status",), ("runs", "list"), ("sources", "health"), ("drift", "--since", "2026-01-01"),
    ("label", "queue"), ("label", "export"), ("label", "stats"), ("doctor",),
)  # fmt: skip
PUBLISHING = (("indicators", "show"), ("export", "out"), ("report", "report.html"))


@pytest.fixture
def fresh(db):
    """A database that nobody has migrated."""
    database = db.client[f"test_{uuid.uuid4().hex}"]
    yield database
    db.client.drop_database(database.name)


@pytest.fixture
def run(fresh, database_uri, tmp_path, monkeypatch):
    """Run a verb in this process on the fresh database; exit code, standard output, what it says besides."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONGODB_URI", database_uri)
    monkeypatch.setenv("DSI_DATABASE", fresh.name)

    def verb(*arguments):
        answer = CliRunner().invoke(app, arguments)
        code = getattr(answer.exception, "exit_code", answer.exit_code)
        return code, answer.stdout, f"{answer.stderr}{answer.exception or ''}"

    return verb


def expired(db):
    """Store a raw response whose days are over."""
    body = b"old"
    response = {
        "_id": hashlib.sha256(body).hexdigest(), "url": "https://example.org/", "status": 200, "headers": {},
        "fetched_at": datetime.now(UTC) - timedelta(days=9), "body": body,
    }  # fmt: skip
    evidence.put(db, [response], timedelta(days=1))


@pytest.mark.parametrize("verb", READING, ids=" ".join)
def test_a_verb_that_reads_works_on_an_empty_database_and_makes_nothing(run, fresh, verb):
    code, _, said = run(*verb)
    assert code == 0, said
    assert fresh.list_collection_names() == []


@pytest.mark.parametrize("verb", PUBLISHING, ids=" ".join)
def test_a_verb_that_publishes_names_what_has_to_come_first(run, fresh, verb):
    code, _, said = run(*verb)
    assert code == 2
    assert "dsi indicators build" in said
    assert fresh.list_collection_names() == []


def test_a_verb_that_reads_deletes_no_expired_evidence(run, fresh):
    expired(fresh)
    run("status")
    assert fresh.evidence.count_documents({}) == 1


def test_migrate_tells_what_it_did(run, fresh):
    code, output, _ = run("db", "migrate")
    assert code == 0
    assert "signals: collection created" in output.splitlines()
    assert "signals: index kind_1_published_at_1 created" in output.splitlines()
    assert "signals" in fresh.list_collection_names()


def test_migrate_again_has_nothing_to_tell(run):
    run("db", "migrate")
    assert run("db", "migrate")[1] == "collections, validators and indexes are up to date\n"


def test_migrate_deletes_expired_evidence(run, fresh):
    expired(fresh)
    run("db", "migrate")
    assert fresh.evidence.count_documents({}) == 0


@pytest.mark.parametrize("verb", [("reclassify",), ("indicators", "build")], ids=" ".join)
def test_a_verb_that_writes_puts_validators_in_place_first(run, fresh, verb):
    run(*verb)
    options = {entry["name"]: entry["options"] for entry in fresh.list_collections()}
    assert "validator" in options["signals"]


def test_doctor_tells_the_rest_where_the_database_is_out_of_reach(run, monkeypatch):
    monkeypatch.setenv("MONGODB_URI", "mongodb://me:pa/ss@127.0.0.1:9/?serverSelectionTimeoutMS=300")
    code, output, _ = run("doctor", "--json")
    found = json.loads(output)
    results = {row["check"]: row["result"] for row in found["checks"]}
    assert code == 3
    assert results == {"sources": "ok", "model": "ok", "database": "failed", "contact": "warning"}
    assert "pa/ss" not in output
    assert {"key": "database", "value": "dsi", "origin": "default"} not in found["configuration"]


def test_doctor_warns_where_no_contact_is_configured(run, monkeypatch):
    monkeypatch.delenv("DSI_CONTACT", raising=False)
    code, output, _ = run("doctor", "--json")
    contact = next(row for row in json.loads(output)["checks"] if row["check"] == "contact")
    assert (code, contact["result"]) == (0, "warning")
    assert "DSI_CONTACT" in contact["detail"]
