"""Collections, evidence, runs, issues and leases against the real embedded server."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from pymongo.errors import WriteError

from storage import evidence, issues, runs, sources
from storage.collections import COLLECTIONS, migrate
from storage.errors import LeaseHeldError, StorageError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def seconds(number):
    return NOW + timedelta(seconds=number)


def dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_migrate_creates_everything_once(db):
    assert migrate(db) == []
    assert {spec.name for spec in COLLECTIONS} <= set(db.list_collection_names())
    assert db.evidence.index_information()["expires_at_1"]["expireAfterSeconds"] == 0
    assert "dedup_keys_1" in db.signals.index_information()


def test_migrate_adds_content_fields_and_does_not_weaken_them_later(db):
    content = {"bsonType": "object", "properties": {"title": {"bsonType": "string"}}}
    assert migrate(db, content) == ["signals: validator updated"]
    assert migrate(db) == []
    with pytest.raises(WriteError):
        db.signals.insert_one({"_id": "a", "title": 5})


@pytest.mark.parametrize(("name", "document"), [
    ("runs", {"_id": "r", "state": "asleep"}), ("signals", {"_id": "s", "first_seen": "yesterday"}),
    ("issues", {"_id": "i", "message": 1}),
])  # fmt: skip
def test_validator_refuses_a_wrong_type_or_value(db, name, document):
    with pytest.raises(WriteError):
        db[name].insert_one(document)


@pytest.mark.parametrize("body", [b"<p>page</p>", os.urandom(13 * 1024 * 1024)], ids=["document", "gridfs"])
def test_evidence_comes_back_as_it_came_and_is_stored_once(db, body):
    key = hashlib.sha256(body).hexdigest()
    response = {
        "_id": key,
        "url": "https://example.org/",
        "status": 200,
        "headers": {},
        "fetched_at": NOW,
        "body": body,
    }
    assert evidence.put(db, [response]) == [key]
    assert evidence.put(db, [{**response, "url": "https://example.org/other"}]) == [key]
    stored = evidence.get(db, key)
    assert (stored["body"] == body, stored["url"]) == (True, "https://example.org/")
    assert evidence.get(db, "0" * 64) is None


def test_evidence_under_a_wrong_key_is_refused(db):
    with pytest.raises(StorageError, match="not the SHA-256"):
        evidence.put(db, [{"_id": "x", "body": b"y"}])


def test_sweep_deletes_what_has_expired_and_keeps_the_rest(db):
    [old] = evidence.put(db, [{"body": b"old", "fetched_at": NOW}], retention=timedelta(days=30))
    [new] = evidence.put(db, [{"body": b"new", "fetched_at": NOW}])
    evidence.sweep(db, NOW + timedelta(days=29))
    assert evidence.get(db, old) is not None
    evidence.sweep(db, NOW + timedelta(days=31))
    assert (evidence.get(db, old), evidence.get(db, new)["body"]) == (None, b"new")


def test_sweep_deletes_files_without_document(db):
    [key] = evidence.put(db, [{"body": os.urandom(13 * 1024 * 1024)}], retention=timedelta(days=1))
    db.evidence.delete_one({"_id": key})
    assert evidence.sweep(db) == 0
    assert evidence.sweep(db, datetime.now(UTC) + timedelta(hours=2)) == 1


def test_run_is_entered_resumed_and_ended(db):
    runs.start(db, "r1", "s", NOW, trigger="manual")
    runs.heartbeat(db, "r1", seconds(60), read=3)
    runs.start(db, "r1", "s", seconds(90))
    runs.finish(db, "r1", "done", seconds(100), counts={"new": 3})
    [run] = runs.recent(db, "s")
    assert (run["state"], run["started_at"], run["resumed"], run["read"]) == ("done", NOW, 1, 3)
    with pytest.raises(StorageError, match="no final state"):
        runs.finish(db, "r1", "asleep", NOW)
    with pytest.raises(StorageError, match="never started"):
        runs.finish(db, "r2", "done", NOW)


def test_silent_run_or_one_whose_process_is_gone_is_interrupted(db):
    runs.start(db, "r1", "s", NOW)
    assert runs.interrupted(db, "s", seconds(119)) is None
    assert runs.interrupted(db, "s", seconds(121))["_id"] == "r1"
    db.runs.update_one({"_id": "r1"}, {"$set": {"pid": dead_pid()}})
    assert runs.interrupted(db, "s", seconds(1))["_id"] == "r1"
    assert runs.mark_lost(db, "s", seconds(1), keep="r1") == 0
    assert runs.mark_lost(db, "s", seconds(1)) == 1


def test_issue_is_stored_once_per_run(db):
    issue = {
        "level": "error",
        "step": "parse",
        "code": "bad-json",
        "message": "m",
        "url": None,
        "record": {1: {2, 3}},
    }
    assert issues.add(db, "r1", "s", [issue, issue], NOW) == 1
    assert issues.add(db, "r1", "s", [issue], NOW) == 0
    assert issues.add(db, "r2", "s", [issue], NOW) == 1


def test_lease_is_exclusive_until_it_expires_or_is_released(db):
    sources.acquire(db, "s", "r1", NOW, seconds=60)
    with pytest.raises(LeaseHeldError, match="r1"):
        sources.acquire(db, "s", "r2", seconds(59))
    sources.renew(db, "s", "r1", seconds(59), seconds=60)
    with pytest.raises(LeaseHeldError):
        sources.acquire(db, "s", "r2", seconds(100))
    sources.acquire(db, "s", "r2", seconds(119), seconds=60)
    with pytest.raises(LeaseHeldError, match="taken over"):
        sources.renew(db, "s", "r1", seconds(120))
    assert not sources.release(db, "s", "r1")
    assert sources.release(db, "s", "r2")
    sources.acquire(db, "s", "r3", seconds(121))


def test_lease_of_a_dead_process_is_taken_over(db):
    sources.acquire(db, "s", "r1", NOW)
    db.sources.update_one({"_id": "s"}, {"$set": {"lease.pid": dead_pid()}})
    sources.acquire(db, "s", "r2", seconds(1))
    assert sources.state(db, "s")["lease"]["owner"] == "r2"


def test_state_of_a_source_is_remembered_without_touching_the_lease(db):
    assert sources.state(db, "s") == {}
    sources.save(db, "s", last_run_at=NOW, checkpoint=NOW)
    assert sources.state(db, "s")["last_run_at"] == NOW
    with pytest.raises(StorageError, match="lease"):
        sources.save(db, "s", lease=None)
