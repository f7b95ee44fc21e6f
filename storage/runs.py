"""The ledger of runs: what ran, how it ended, what was interrupted."""

import os
from datetime import datetime, timedelta
from typing import Any, NoReturn

from pymongo import DESCENDING
from pymongo.database import Database

from storage.errors import LeaseHeldError, StorageError, reported
from storage.processes import host, is_dead

__all__ = ["STATES", "finish", "heartbeat", "interrupted", "mark_lost", "recent", "start", "stopped"]

STATES = ("running", "done", "partial", "failed", "lost")
"""`partial`: ended, but something is missing; `lost`: interrupted and not taken up again."""
SILENCE = timedelta(seconds=120)
"""A run that gave no sign of life for this long is interrupted."""


def start(
    db: Database[dict[str, Any]],
    run_id: str,
    source: str,
    now: datetime,
    owner: str | None = None,
    **facts: Any,
) -> None:
    """Enter a run, or take up an interrupted one again under its own identifier.

    Args:
        db: the database.
        run_id: identifier of the run.
        source: identifier of the source.
        now: moment of the start (UTC); a resumed run keeps its first one.
        owner: who holds the lease of the source; from now on only this owner writes to the run.
        facts: further fields of `RunDocument` (`trigger`, `code_version`, `config_hash`, …).
    """
    with reported(f"enter the run {run_id} of {source}"):
        known = db.runs.find_one({"_id": run_id}, {"_id": 1})
        db.runs.update_one(
            {"_id": run_id},
            {
                "$setOnInsert": {"source": source, "started_at": now},
                "$set": {
                    **facts,
                    "state": "running",
                    "owner": owner,
                    "heartbeat_at": now,
                    "host": host(),
                    "pid": os.getpid(),
                },
                "$inc": {"resumed": 1 if known else 0},
                "$unset": {"ended_at": ""},
            },
            upsert=True,
        )


def heartbeat(
    db: Database[dict[str, Any]], run_id: str, now: datetime, owner: str | None = None, **figures: Any
) -> None:
    """Give a sign of life, with the figures so far.

    After a kill the figures of the last sign of life stand: a lower bound, as what came after it is not in them.

    Args:
        db: the database.
        run_id: identifier of the run.
        now: moment of the sign (UTC).
        owner: who started or resumed the run.
        figures: figures so far (`read`, `counts`, `http`, `bytes`, …), those of earlier legs included.

    Raises:
        LeaseHeldError: another owner took the run over: stop writing.
        StorageError: there is no such run.
    """
    with reported(f"update the run {run_id}"):
        alive = db.runs.update_one(
            {"_id": run_id, "owner": owner}, {"$set": {**figures, "heartbeat_at": now}}
        )
    if not alive.matched_count:
        _not_of(db, run_id, owner)


def finish(
    db: Database[dict[str, Any]],
    run_id: str,
    state: str,
    now: datetime,
    owner: str | None = None,
    **figures: Any,
) -> None:
    """Enter the end of a run.

    Args:
        db: the database.
        run_id: identifier of the run.
        state: one of `STATES` other than `running`.
        now: moment of the end (UTC).
        owner: who started or resumed the run.
        figures: final figures (`read`, `counts`, `http`, `bytes`, `error`, …).

    Raises:
        LeaseHeldError: another owner took the run over: its end is for that one to tell.
        StorageError: there is no such state or run.
    """
    if state not in STATES or state == "running":
        raise StorageError(
            f"run {run_id}: {state!r} is no final state; one of {', '.join(STATES[1:])} is expected"
        )
    with reported(f"end the run {run_id}"):
        ended = db.runs.update_one(
            {"_id": run_id, "owner": owner},
            {"$set": {**figures, "state": state, "ended_at": now, "heartbeat_at": now}},
        )
    if not ended.matched_count:
        _not_of(db, run_id, owner)


def interrupted(db: Database[dict[str, Any]], source: str, now: datetime) -> dict[str, Any] | None:
    """Find the newest run of a source that stopped without an end: silent for 120 s, or its process is gone."""
    with reported(f"read the runs of {source}"):
        running = list(db.runs.find({"source": source, "state": "running"}).sort("started_at", DESCENDING))
    return next((run for run in running if stopped(run, now)), None)


def mark_lost(db: Database[dict[str, Any]], source: str, now: datetime, keep: str | None = None) -> int:
    """Enter interrupted runs of a source as lost, but for the one that is taken up again.

    Returns:
        how many were entered.
    """
    with reported(f"update the runs of {source}"):
        running = db.runs.find({"source": source, "state": "running", "_id": {"$ne": keep}})
        lost = [run["_id"] for run in running if stopped(run, now)]
        if lost:
            db.runs.update_many(
                {"_id": {"$in": lost}, "state": "running"}, {"$set": {"state": "lost", "ended_at": now}}
            )
    return len(lost)


def recent(db: Database[dict[str, Any]], source: str | None = None, limit: int = 20) -> list[dict[str, Any]]:
    """Runs, newest first, of one source or of all."""
    with reported("read the runs"):
        found = db.runs.find({"source": source} if source else {})
        return list(found.sort([("started_at", DESCENDING), ("_id", DESCENDING)]).limit(limit))


def _not_of(db: Database[dict[str, Any]], run_id: str, owner: str | None) -> NoReturn:
    with reported(f"read the run {run_id}"):
        run = db.runs.find_one({"_id": run_id}, {"owner": 1})
    if run is None:
        raise StorageError(f"run {run_id} was never started: call storage.runs.start first")
    raise LeaseHeldError(
        f"run {run_id} was taken over by {run.get('owner')}: {owner} writes nothing more to it"
    )


def stopped(run: dict[str, Any], now: datetime) -> bool:
    """Whether a run that is entered as running has given no sign of life for long, or its process is gone."""
    sign = run.get("heartbeat_at") or run["started_at"]
    return bool(now - sign > SILENCE) or is_dead(run.get("host"), run.get("pid"))
