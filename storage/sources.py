"""What is remembered about a source between its runs, and the lease that keeps two runs apart."""

import os
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from storage.errors import LeaseHeldError, StorageError, reported
from storage.processes import host, is_dead

__all__ = ["acquire", "release", "renew", "save", "state"]

LEASE_SECONDS = 120.0
"""Validity of a lease; the holder renews it well before."""


def state(db: Database[dict[str, Any]], source: str) -> dict[str, Any]:
    """What is remembered about a source; empty where it never ran."""
    with reported(f"read the state of {source}"):
        return db.sources.find_one({"_id": source}) or {}


def save(db: Database[dict[str, Any]], source: str, **values: Any) -> None:
    """Remember values about a source (fields of `SourceState`); the lease has its own functions.

    Raises:
        StorageError: the lease or the key is among the values.
    """
    if values.keys() & {"_id", "lease"}:
        raise StorageError(f"source {source}: the lease is changed by acquire, renew and release only")
    if values:
        with reported(f"save the state of {source}"):
            db.sources.update_one({"_id": source}, {"$set": values}, upsert=True)


def acquire(
    db: Database[dict[str, Any]], source: str, owner: str, now: datetime, seconds: float = LEASE_SECONDS
) -> datetime:
    """Take the lease of a source; one that expired, or whose process on this machine is gone, is taken over.

    Args:
        db: the database.
        source: identifier of the source.
        owner: who takes it (the run id); the same owner may take it again.
        now: current moment (UTC).
        seconds: validity.

    Returns:
        when it expires.

    Raises:
        LeaseHeldError: another owner holds it.
    """
    if _take(db, source, owner, now, seconds, []):
        return now + timedelta(seconds=seconds)
    held = state(db, source).get("lease") or {}
    if is_dead(held.get("host"), held.get("pid")):
        # Only from that very holder: another process may have been quicker.
        same = {"lease.owner": held.get("owner"), "lease.expires_at": held.get("expires_at")}
        if _take(db, source, owner, now, seconds, [same]):
            return now + timedelta(seconds=seconds)
    raise LeaseHeldError(
        f"source {source} is being crawled by {held.get('owner')} on {held.get('host')} "
        f"(process {held.get('pid')}) until {held.get('expires_at')}: wait for it, or stop it"
    )


def renew(
    db: Database[dict[str, Any]], source: str, owner: str, now: datetime, seconds: float = LEASE_SECONDS
) -> datetime:
    """Extend an own lease.

    Returns:
        when it expires.

    Raises:
        LeaseHeldError: it is not the owner's (any more): stop writing.
    """
    expires = now + timedelta(seconds=seconds)
    with reported(f"renew the lease of {source}"):
        mine = db.sources.find_one_and_update(
            {"_id": source, "lease.owner": owner}, {"$set": {"lease.expires_at": expires}}, {"_id": 1}
        )
    if mine is None:
        raise LeaseHeldError(f"source {source}: the lease of {owner} was taken over by another run")
    return expires


def release(db: Database[dict[str, Any]], source: str, owner: str) -> bool:
    """Give an own lease back.

    Returns:
        whether it was still the owner's.
    """
    with reported(f"release the lease of {source}"):
        freed = db.sources.update_one({"_id": source, "lease.owner": owner}, {"$set": {"lease": None}})
    return freed.matched_count == 1


def _take(
    db: Database[dict[str, Any]],
    source: str,
    owner: str,
    now: datetime,
    seconds: float,
    also: list[dict[str, Any]],
) -> bool:
    lease = {
        "owner": owner,
        "host": host(),
        "pid": os.getpid(),
        "expires_at": now + timedelta(seconds=seconds),
    }
    free = [{"lease": None}, {"lease.expires_at": {"$lte": now}}, {"lease.owner": owner}, *also]
    with reported(f"take the lease of {source}"):
        try:
            db.sources.find_one_and_update(
                {"_id": source, "$or": free}, {"$set": {"lease": lease}}, upsert=True
            )
        except DuplicateKeyError:
            return False  # the document exists and is not free, so the upsert met its key
    return True
