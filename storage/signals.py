"""Signals: what is known, and writing a batch so that a repeat changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from pymongo import InsertOne, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from storage.errors import RejectedDocumentsError, reported
from storage.lifecycle import Absence, mark_absent, observation_update
from storage.plan import Plan, plan_write

__all__ = ["Absence", "candidates", "done", "known", "mark_absent", "relink", "touch", "write_batch"]

HEAVY_FIELDS = {"evidence": 0, "dsi": 0}
KNOWN_FIELDS = (
    "content_hash",
    "last_run",
    "removed_at",
    "removal_reason",
    "cluster_id",
    "canonical",
    "series_id",
)
DUPLICATE_KEY = 11000
CODEC: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)


def known(db: Database[dict[str, Any]], ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the store knows about signals.

    The fields are `content_hash, last_run, removed_at, cluster_id, canonical, series_id, model`.

    Returns:
        those per key; keys that are not stored are missing.
    """
    projection = {**dict.fromkeys(KNOWN_FIELDS, 1), "dsi.model": 1}
    with reported("read known signals"):
        found = list(db.signals.find({"_id": {"$in": list(ids)}}, projection))
    return {
        entry["_id"]: {
            **{name: entry.get(name) for name in KNOWN_FIELDS},
            "model": (entry.get("dsi") or {}).get("model"),
        }
        for entry in found
    }


def candidates(db: Database[dict[str, Any]], keys: Iterable[str], limit: int = 5000) -> list[dict[str, Any]]:
    """Signals that share one of the keys, without their long fields; at most `limit`."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return []
    with reported("read candidates for duplicates"):
        return list(db.signals.find({"dedup_keys": {"$in": wanted}}, HEAVY_FIELDS).limit(limit))


def write_batch(
    db: Database[dict[str, Any]],
    documents: Iterable[Mapping[str, Any]],
    run_id: str,
    now: datetime,
    *,
    keep_evidence: bool = False,
) -> dict[str, str]:
    """Write whole signals: new ones, changed ones, unchanged ones, with observations. Three round trips.

    The observations go first, under a key of signal and run: killed between the two writes, a repeat
    finds the signals as they were and writes the same observations again.

    Args:
        db: the database.
        documents: complete documents with `_id`, `source`, `content_hash`; of several with one key the
            last counts. `removed: true` stores the removal and keeps the content that was stored before;
            of a signal that is not stored it writes nothing.
        run_id: identifier of the run.
        now: moment of the run (UTC).
        keep_evidence: a changed signal also keeps the references to its earlier evidence, so that all of it
            can be deleted with its text (`storage.forget`).

    Returns:
        `new`, `changed`, `relisted`, `unchanged` or `removed` (the source withdrew it) per key.

    Raises:
        RejectedDocumentsError: the validator refused some; the others are stored.
        StorageError: the database refused or was out of reach.
    """
    rejected: dict[str, str] = {}
    batch: dict[str, dict[str, Any]] = {}
    for document in documents:
        try:
            # As it comes back from the database: milliseconds, aware, no tuples. Else all would look changed.
            batch[document["_id"]] = bson.decode(bson.encode(document), CODEC)
        except (BSONError, OverflowError) as error:
            rejected[document["_id"]] = str(error)
    with reported("write signals"):
        stored = (
            {entry["_id"]: entry for entry in db.signals.find({"_id": {"$in": list(batch)}})} if batch else {}
        )
        plans = [
            plan_write(document, stored.get(key), run_id, now, keep_evidence=keep_evidence)
            for key, document in batch.items()
        ]
        observed = [observation_update(plan.observation) for plan in plans if plan.observation]
        if observed:
            db.observations.bulk_write(observed, ordered=False)
        writing = [plan for plan in plans if plan.insert or plan.update]
        if writing:
            rejected |= _write(db, writing)
        lost = [f"{key}:{run_id}" for key in rejected if key in batch]
        if lost:
            db.observations.delete_many({"_id": {"$in": lost}})
    outcomes = {plan.key: plan.outcome for plan in plans if plan.key not in rejected}
    if rejected:
        raise RejectedDocumentsError(rejected, outcomes)
    return outcomes


def _write(db: Database[dict[str, Any]], plans: list[Plan]) -> dict[str, str]:
    operations: list[InsertOne[dict[str, Any]] | UpdateOne] = [
        InsertOne(plan.insert) if plan.insert is not None else UpdateOne({"_id": plan.key}, plan.update)
        for plan in plans
    ]
    try:
        db.signals.bulk_write(operations, ordered=False)
    except BulkWriteError as error:
        # A key that meanwhile exists was written by the same batch of another worker: that is the wanted state.
        failures = error.details["writeErrors"]
        return {
            plans[failure["index"]].key: str(failure.get("errmsg"))
            for failure in failures
            if failure.get("code") != DUPLICATE_KEY
        }
    return {}


def touch(db: Database[dict[str, Any]], ids: Iterable[str], run_id: str, now: datetime) -> int:
    """Unchanged signals: move `last_seen` and `last_run`, and forget absences. One update.

    Returns:
        how many are stored.
    """
    with reported("update the last sight of signals"):
        return db.signals.update_many(
            {"_id": {"$in": list(ids)}}, {"$set": {"last_seen": now, "last_run": run_id, "missing_count": 0}}
        ).matched_count


def relink(db: Database[dict[str, Any]], links: Mapping[str, Mapping[str, Any]]) -> int:
    """Set `cluster_id, cluster_reason, canonical, series_id` of other members of a cluster.

    Returns:
        how many were changed.
    """
    if not links:
        return 0
    with reported("link the members of clusters"):
        changes = [UpdateOne({"_id": key}, {"$set": dict(values)}) for key, values in links.items() if values]
        return db.signals.bulk_write(changes, ordered=False).modified_count if changes else 0


def done(db: Database[dict[str, Any]], source: str, run_id: str) -> frozenset[str]:
    """Canonical addresses (`url_key`) of a source that are already stored under a run."""
    with reported(f"read what is stored of {source}"):
        found = db.signals.find({"source": source, "last_run": run_id}, {"url_key": 1})
        return frozenset(entry["url_key"] for entry in found if entry.get("url_key"))
