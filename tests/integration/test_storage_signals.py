"""Writing signals against the real embedded server."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import signals
from storage.errors import RejectedDocumentsError

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def advert(key, **more):
    base = {
        "_id": key,
        "source": "s",
        "kind": "job_advert",
        "title": "Data steward",
        "content_hash": f"h-{key}",
    }
    return {
        **base,
        "published_at": NOW,
        "url_key": f"https://example.org/{key}",
        "dedup_keys": [f"k-{key}"],
        **more,
    }


def test_new_signal_is_stored_with_first_and_last_sight(db):
    assert signals.write_batch(db, [advert("a")], "r1", NOW) == {"a": "new"}
    stored = db.signals.find_one({"_id": "a"})
    assert stored["first_seen"] == stored["last_seen"] == NOW.replace(microsecond=123000)
    assert (stored["last_run"], stored["missing_count"]) == ("r1", 0)
    assert db.observations.find_one({"_id": "a:r1"})["outcome"] == "new"


def test_second_identical_write_moves_only_last_seen_and_last_run(db):
    signals.write_batch(db, [advert("a")], "r1", NOW)
    before = db.signals.find_one({"_id": "a"})
    assert signals.write_batch(db, [advert("a")], "r2", LATER) == {"a": "unchanged"}
    after = db.signals.find_one({"_id": "a"})
    assert {name for name in after if after[name] != before.get(name)} == {"last_seen", "last_run"}
    assert after.keys() == before.keys()
    assert db.observations.count_documents({}) == 1


def test_changed_signal_keeps_first_seen_and_records_old_and_new(db):
    signals.write_batch(db, [advert("a", text="x" * 3000, gone=1)], "r1", NOW)
    changed = advert("a", title="Other", text="y" * 3000, content_hash="h2")
    assert signals.write_batch(db, [changed], "r2", LATER) == {"a": "changed"}
    stored = db.signals.find_one({"_id": "a"})
    changes = db.observations.find_one({"_id": "a:r2"})["changes"]
    assert stored["first_seen"] < stored["last_seen"]
    assert "gone" not in stored
    assert changes["title"] == {"old": "Data steward", "new": "Other"}
    assert changes["text"]["old"].startswith("sha256:")
    assert changes.keys() == {"title", "text", "gone"}


def test_repeat_after_kill_between_the_two_writes_is_idempotent(db):
    signals.write_batch(db, [advert("a"), advert("b")], "r1", NOW)
    db.signals.delete_one({"_id": "b"})  # as if the kill came before this one was written
    assert signals.write_batch(db, [advert("a"), advert("b")], "r1", LATER) == {"a": "unchanged", "b": "new"}
    assert db.observations.count_documents({}) == 2


def test_withdrawn_signal_keeps_its_content_and_returns_as_relisted(db):
    signals.write_batch(db, [advert("a")], "r1", NOW)
    assert signals.write_batch(db, [advert("a", title="", removed=True, content_hash="e")], "r2", LATER) == {
        "a": "removed"
    }
    stored = db.signals.find_one({"_id": "a"})
    assert (stored["title"], stored["removal_reason"]) == ("Data steward", "source_removed")
    assert signals.write_batch(db, [advert("a")], "r3", LATER) == {"a": "relisted"}
    assert db.signals.find_one({"_id": "a"})["removed_at"] is None


def test_a_withdrawal_of_what_is_not_stored_writes_nothing(db):
    assert signals.write_batch(db, [advert("a", title="", removed=True)], "r1", NOW) == {"a": "removed"}
    assert db.signals.count_documents({}) == 0
    assert db.observations.count_documents({}) == 0


def test_a_signal_withdrawn_before_it_was_known_is_new_when_it_comes(db):
    signals.write_batch(db, [advert("a", title="", removed=True)], "r1", NOW)
    assert signals.write_batch(db, [advert("a")], "r2", LATER) == {"a": "new"}


def test_a_changed_signal_may_keep_its_earlier_evidence(db):
    signals.write_batch(db, [advert("a", evidence=["1"])], "r1", NOW)
    changed = advert("a", evidence=["2"], content_hash="h2")
    signals.write_batch(db, [changed], "r2", LATER, keep_evidence=True)
    assert db.signals.find_one({"_id": "a"})["evidence"] == ["1", "2"]


def test_refused_document_does_not_lose_the_others(db):
    with pytest.raises(RejectedDocumentsError) as raised:
        signals.write_batch(db, [advert("a", url_key=5), advert("b")], "r1", NOW)
    assert raised.value.rejected.keys() == {"a"}
    assert raised.value.outcomes == {"b": "new"}
    assert db.observations.distinct("signal") == ["b"]


def test_known_candidates_done_touch_relink(db):
    signals.write_batch(db, [advert("a", text="long", dsi={"model": "m1"}), advert("b")], "r1", NOW)
    assert signals.known(db, ["a", "zz"]).keys() == {"a"}
    assert signals.known(db, ["a"])["a"]["model"] == "m1"
    assert [found["_id"] for found in signals.candidates(db, ["k-a"])] == ["a"]
    found = signals.candidates(db, ["k-a"])[0]
    assert found["text"] == "long"  # compared word by word
    assert "dsi" not in found
    assert signals.done(db, "s", "r1") == {"https://example.org/a", "https://example.org/b"}
    assert signals.touch(db, ["a"], "r2", LATER) == 1
    assert signals.done(db, "s", "r2") == {"https://example.org/a"}
    assert signals.relink(db, {"a": {"cluster_id": "c", "canonical": False}}) == 1
    assert signals.known(db, ["a"])["a"]["cluster_id"] == "c"


def test_absence_removes_after_the_given_number_of_runs_and_once_per_run(db):
    signals.write_batch(db, [advert(key) for key in "abcd"], "r1", NOW)
    signals.touch(db, "abc", "r2", LATER)
    first = signals.mark_absent(db, "s", "r2", LATER, missing_runs=2, max_shrink=0.5)
    assert first == signals.Absence(removed=0, missing=1, shrunk=False)
    signals.mark_absent(db, "s", "r2", LATER, missing_runs=2, max_shrink=0.5)
    assert db.signals.find_one({"_id": "d"})["missing_count"] == 1
    signals.touch(db, "abc", "r3", LATER)
    assert signals.mark_absent(db, "s", "r3", LATER, missing_runs=2, max_shrink=0.5).removed == 1
    assert db.signals.find_one({"_id": "d"})["removal_reason"] == "listing_absent"
    assert db.observations.find_one({"_id": "d:r3"})["outcome"] == "removed"


def test_implausible_shrinking_removes_nothing(db):
    signals.write_batch(db, [advert(key) for key in "abcd"], "r1", NOW)
    signals.touch(db, "a", "r2", LATER)
    assert signals.mark_absent(db, "s", "r2", LATER, missing_runs=1, max_shrink=0.5).shrunk
    assert db.signals.count_documents({"removed_at": None, "missing_count": 0}) == 4


def test_absence_leaves_other_sources_alone(db):
    signals.write_batch(db, [advert("a"), advert("x", source="other")], "r1", NOW)
    signals.touch(db, "a", "r2", LATER)
    assert signals.mark_absent(db, "s", "r2", LATER, missing_runs=1, max_shrink=0.5).removed == 0
