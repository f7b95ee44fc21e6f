"""What is to be written for one signal: compares it with what is stored. Pure functions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

__all__ = ["EXPIRED", "LIFETIME", "Plan", "changes_between", "is_over", "plan_write"]

EXPIRED = "expired"
"""Removal reason of an advert that is past its closing date, listed or not."""
LIFETIME = "lifetime"
"""Removal reason of an advert without a closing date that no run has seen for long."""
GRACE = timedelta(days=1)
"""A closing date without a time means the end of that day, wherever the reader is."""
LONG_TEXT = 2000
"""Texts longer than this (characters) are recorded by their SHA-256."""
BOOKKEEPING = frozenset({
    "_id", "first_seen", "first_run", "last_seen", "last_run", "missing_count", "missing_run", "removed_at",
    "removal_reason", "forgotten_at",
})  # fmt: skip
"""Fields that the store keeps itself."""
NOT_COMPARED = BOOKKEEPING | {"content_hash", "dedup_keys", "evidence"}


@dataclass(slots=True, kw_only=True)
class Plan:
    """The writes for one signal."""

    key: str
    """Key of the signal."""
    outcome: str
    """`new`, `changed`, `relisted`, `unchanged` or `removed`."""
    insert: dict[str, Any] | None = None
    """Document to insert, of a new signal."""
    update: dict[str, Any]
    """Update of a stored signal; empty of a new one, and of one that was withdrawn before it was known."""
    observation: dict[str, Any] | None = None
    """Observation, where something happened."""


def plan_write(
    document: dict[str, Any],
    stored: dict[str, Any] | None,
    run_id: str,
    now: datetime,
    *,
    keep_evidence: bool = False,
) -> Plan:
    """Decide what becomes of a signal.

    Args:
        document: complete document as read now.
        stored: the document as stored, or none.
        run_id: identifier of the run.
        now: moment of the run (UTC).
        keep_evidence: a changed signal also keeps the references to its earlier evidence.
    """
    key = document["_id"]
    withdrawn = document.get("removed") is True
    content = {name: value for name, value in document.items() if name not in BOOKKEEPING}
    observation = {
        "_id": f"{key}:{run_id}",
        "signal": key,
        "run": run_id,
        "source": document["source"],
        "at": now,
    }
    removal = {"removed_at": now, "removal_reason": "source_removed"}
    if stored is None and withdrawn:
        # Nothing is known but that it is gone: stored, it would be an empty signal that counts as a new one.
        return Plan(key=key, outcome="removed", update={})
    if stored is None:
        fresh = {
            "_id": key, **content, "first_seen": now, "first_run": run_id, "last_seen": now, "last_run": run_id,
            "missing_count": 0, "removed_at": None,
        }  # fmt: skip
        return Plan(
            key=key, outcome="new", insert=fresh, update={}, observation={**observation, "outcome": "new"}
        )
    if withdrawn:
        # The record of a withdrawal often is empty but for its id: what was stored before is kept.
        if stored.get("removed_at"):
            # Closed before for its date, perhaps: now the source says so too.
            return Plan(key=key, outcome="unchanged", update={"$set": {"last_run": run_id, "removed": True}})
        update = {"$set": {"last_run": run_id, "removed": True, **removal}}
        reason = removal["removal_reason"]
        return Plan(
            key=key,
            outcome="removed",
            update=update,
            observation={**observation, "outcome": "removed", "reason": reason},
        )
    values: dict[str, Any] = {"last_seen": now, "last_run": run_id, "missing_count": 0}
    update = {"$set": values}
    changes: dict[str, Any] = {}
    if stored.get("content_hash") != document.get("content_hash"):
        changes = changes_between(stored, document)
        values |= content
        gone = [name for name in stored if name not in document and name not in BOOKKEEPING]
        if gone:
            update["$unset"] = dict.fromkeys(gone, "")
        if stored.get("forgotten_at"):
            values["forgotten_at"] = None  # it is back with its text
    if keep_evidence:
        held = [*dict.fromkeys([*stored.get("evidence", ()), *content.get("evidence", ())])]
        values |= {"evidence": held} if held else {}
        update.get("$unset", {}).pop("evidence", None)
    outcome = "changed" if stored.get("content_hash") != document.get("content_hash") else "unchanged"
    if stored.get("removed_at") and not (stored.get("removal_reason") == EXPIRED and is_over(document, now)):
        outcome = "relisted"
        values |= {"removed_at": None, "removal_reason": None, "removed": False}
        update.get("$unset", {}).pop("removed", None)
    if update.get("$unset") == {}:
        del update["$unset"]
    if outcome == "unchanged":
        return Plan(key=key, outcome=outcome, update=update)
    return Plan(
        key=key,
        outcome=outcome,
        update=update,
        observation={**observation, "outcome": outcome, "changes": changes},
    )


def is_over(document: dict[str, Any], now: datetime) -> bool:
    """Whether a signal is past its closing date; one before its publication is a mistake and closes nothing."""
    closes, published = document.get("closes_at"), document.get("published_at")
    return bool(closes and closes + GRACE < now and not (published and closes + GRACE < published))


def changes_between(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Top-level fields that differ, each with `old` and `new`; long texts as `sha256:…`."""
    names = [name for name in {**old, **new} if name not in NOT_COMPARED]
    return {
        name: {"old": _brief(old.get(name)), "new": _brief(new.get(name))}
        for name in names
        if old.get(name) != new.get(name)
    }


def _brief(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONG_TEXT:
        return f"sha256:{hashlib.sha256(value.encode(errors='replace')).hexdigest()}"
    return value
