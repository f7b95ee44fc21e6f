"""Absence: what a complete listing no longer holds, and when that counts as removed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from storage.errors import reported
from storage.plan import EXPIRED, LIFETIME, is_over

__all__ = ["Absence", "expire", "mark_absent", "observation_update"]

BATCH = 1000
LISTING_ABSENT = "listing_absent"
"""Removal reason of what a complete listing lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What a complete listing lacked."""

    removed: int
    """Signals that now count as removed."""
    missing: int
    """Signals that were absent but do not count as removed yet."""
    shrunk: bool
    """The listing shrank implausibly: nothing was counted, which is to be recorded as an issue."""


def mark_absent(
    db: Database[dict[str, Any]],
    source: str,
    run_id: str,
    now: datetime,
    missing_runs: int,
    max_shrink: float,
) -> Absence:
    """Count absences after a complete, successful listing. A repeat under the same run counts nothing twice.

    Args:
        db: the database.
        source: identifier of the source.
        run_id: the run whose listing was complete.
        now: moment of the run (UTC).
        missing_runs: a signal is removed when it was absent this many times in a row.
        max_shrink: share (0 to 1) of the signals listed before that one listing may lack.

    Returns:
        how many are removed or missing; with `shrunk` nothing was written.
    """
    live = {"source": source, "removed_at": None}
    absent = {**live, "last_run": {"$ne": run_id}, "missing_run": {"$ne": run_id}}
    with reported(f"count absences of {source}"):
        newly = db.signals.count_documents({**absent, "missing_count": {"$in": [0, None]}})
        # Share of what was listed before this run: those seen again, without its first sights, and those lost.
        again = db.signals.count_documents({**live, "last_run": run_id, "first_run": {"$ne": run_id}})
        if newly and newly / (newly + again) > max_shrink:
            return Absence(removed=0, missing=db.signals.count_documents(absent), shrunk=True)
        going = [
            entry["_id"]
            for entry in db.signals.find({**absent, "missing_count": {"$gte": missing_runs - 1}}, {"_id": 1})
        ]
        if missing_runs <= 1:
            going = [entry["_id"] for entry in db.signals.find(absent, {"_id": 1})]
        for first in range(0, len(going), BATCH):
            _remove(db, going[first : first + BATCH], source, run_id, now)
        missing = db.signals.update_many(
            absent, {"$inc": {"missing_count": 1}, "$set": {"missing_run": run_id}}
        )
    return Absence(removed=len(going), missing=missing.matched_count, shrunk=False)


def expire(
    db: Database[dict[str, Any]], source: str, run_id: str, now: datetime, lifetime: timedelta | None = None
) -> dict[str, int]:
    """Remove the adverts of a source that are over: past their closing date, also those that are still listed.

    Args:
        db: the database.
        source: identifier of the source.
        run_id: the run that just read the source.
        now: moment of the run (UTC).
        lifetime: adverts without a closing date that no run has seen for so long are removed too; for sources
            whose listing is never complete, so that nothing else tells that an advert is gone.

    Returns:
        how many per reason, `expired` and `lifetime`.
    """
    open_adverts = {"source": source, "kind": "job_advert", "removed_at": None}
    with reported(f"close the adverts of {source} that are over"):
        dated = {**open_adverts, "closes_at": {"$lt": now}}
        found = db.signals.find(dated, {"closes_at": 1, "published_at": 1})
        over = {EXPIRED: [entry["_id"] for entry in found if is_over(entry, now)], LIFETIME: []}
        if lifetime is not None:
            unseen = {**open_adverts, "closes_at": None, "last_seen": {"$lt": now - lifetime}}
            over[LIFETIME] = [entry["_id"] for entry in db.signals.find(unseen, {"_id": 1})]
        for reason, ids in over.items():
            for first in range(0, len(ids), BATCH):
                _remove(db, ids[first : first + BATCH], source, run_id, now, reason)
    return {reason: len(ids) for reason, ids in over.items()}


def observation_update(observation: dict[str, Any]) -> UpdateOne:
    """Upsert of an observation: what was found first in a run stays, changed fields are added."""
    changes = observation.get("changes") or {}
    fixed = {name: value for name, value in observation.items() if name not in {"_id", "changes"}}
    update: dict[str, Any] = {"$setOnInsert": fixed}
    if changes:
        update["$set"] = {f"changes.{name}": value for name, value in changes.items()}
    return UpdateOne({"_id": observation["_id"]}, update, upsert=True)


def _remove(
    db: Database[dict[str, Any]],
    ids: list[str],
    source: str,
    run_id: str,
    now: datetime,
    reason: str = LISTING_ABSENT,
) -> None:
    absent = {"missing_run": run_id} if reason == LISTING_ABSENT else {}
    common = {"run": run_id, "source": source, "at": now, "outcome": "removed", "reason": reason}
    db.observations.bulk_write(
        [observation_update({"_id": f"{key}:{run_id}", "signal": key, **common}) for key in ids],
        ordered=False,
    )
    db.signals.update_many(
        {"_id": {"$in": ids}, "removed_at": None},
        {
            "$set": {"removed_at": now, "removal_reason": reason, **absent},
            "$inc": {"missing_count": int(bool(absent))},
        },
    )
