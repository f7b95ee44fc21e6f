"""Forgetting: of signals that are no longer open, what they said is deleted where the terms of a source ask for it.

What is counted stays: kind, dates, place, employer, the decision of the classifier, the links to copies.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from storage import evidence
from storage.errors import reported
from storage.plan import EXPIRED

__all__ = ["forget"]

BATCH = 1000
# Without its hash a signal that comes back counts as changed, and is written with its text again.
DELETED = ("title", "text", "organisation.url", "evidence", "content_hash")
"""Fields of a signal that are deleted."""
HISTORY = ("changes.title", "changes.text", "changes.organisation")
"""Fields of its observations that are deleted: they hold old and new values."""


def forget(db: Database[dict[str, Any]], source: str, now: datetime, lifetime: timedelta) -> int:
    """Delete what the removed signals of a source said, also in their history and their evidence.

    To be called when a run ends. What an interruption leaves behind is found by the next call, and so is what was
    removed before the source asked for this.

    Args:
        db: the database.
        source: identifier of the source.
        now: moment of the run (UTC).
        lifetime: an advert past its closing date may still be listed: it is forgotten when the source withdraws
            it, or when it was not seen for so long.

    Returns:
        how many signals.
    """
    removed = {"source": source, "removed_at": {"$ne": None}, "forgotten_at": None}
    # `removed` is what the source says, whatever closed the advert before.
    chosen: tuple[dict[str, Any], ...] = (
        {"removal_reason": {"$ne": EXPIRED}},
        {"removal_reason": EXPIRED, "removed": True},
        {"removal_reason": EXPIRED, "removed": {"$ne": True}, "last_seen": {"$lt": now - lifetime}},
    )
    with reported(f"forget the removed signals of {source}"):
        found = [entry for part in chosen for entry in db.signals.find({**removed, **part}, {"evidence": 1})]
        for first in range(0, len(found), BATCH):
            batch = found[first : first + BATCH]
            ids = [entry["_id"] for entry in batch]
            # The evidence goes before the references to it: killed in between, the next call knows what is left.
            _delete_evidence(db, {key for entry in batch for key in entry.get("evidence") or ()}, ids)
            db.observations.update_many({"signal": {"$in": ids}}, {"$unset": dict.fromkeys(HISTORY, "")})
            db.signals.update_many(
                {"_id": {"$in": ids}}, {"$unset": dict.fromkeys(DELETED, ""), "$set": {"forgotten_at": now}}
            )
    return len(found)


def _delete_evidence(db: Database[dict[str, Any]], keys: Collection[str], ids: list[str]) -> None:
    """Delete responses that only these signals were read from."""
    others = db.signals.find({"evidence": {"$in": list(keys)}, "_id": {"$nin": ids}}, {"evidence": 1})
    evidence.delete(db, set(keys) - {key for entry in others for key in entry["evidence"]})
