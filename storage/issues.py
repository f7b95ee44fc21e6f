"""Problems of a run, kept beside its evidence."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from typing import Any

import bson
from bson.errors import BSONError
from pymongo import UpdateOne
from pymongo.database import Database

from storage.errors import reported

__all__ = ["add"]

RECORD_BYTES = 64 * 1024
"""A record longer than this is stored as the beginning of its text."""
RECORD_CHARACTERS = 2000


def add(
    db: Database[dict[str, Any]], run_id: str, source: str, issues: Iterable[Any], now: datetime | None = None
) -> int:
    """Store the problems of a run; the same problem of the same run is stored once.

    Args:
        db: the database.
        run_id: identifier of the run.
        source: identifier of the source.
        issues: dataclasses or mappings with `level, step, code, message, url, record`.
        now: moment of recording; the current one where it is not given.

    Returns:
        how many were not stored before.
    """
    moment = now or datetime.now(UTC)
    updates = []
    for issue in issues:
        document = asdict(issue) if is_dataclass(issue) and not isinstance(issue, type) else dict(issue)
        document = {
            name: storable(value) if name == "record" else encodable(value)
            for name, value in document.items()
        }
        identity = "\0".join(
            str(document.get(name)) for name in ("level", "step", "code", "message", "url", "record")
        )
        digest = hashlib.sha256(f"{source}|{identity}".encode(errors="replace")).hexdigest()[:16]
        fresh = {**document, "run_id": run_id, "source": source, "at": moment}
        updates.append(UpdateOne({"_id": f"{run_id}:{digest}"}, {"$setOnInsert": fresh}, upsert=True))
    if not updates:
        return 0
    with reported(f"write issues of {source}"):
        return db.issues.bulk_write(updates, ordered=False).upserted_count


def encodable(value: Any) -> Any:
    """Return a text without what UTF-8 cannot hold: sites send halves of characters, and messages quote them."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def storable(record: Any) -> Any:
    """Return the record as it is, or as text where it is too long or of a type the database does not have."""
    if isinstance(record, Mapping):
        record = {str(key): value for key, value in record.items()}
    try:
        if len(bson.encode({"record": record})) <= RECORD_BYTES:
            return record
    except (BSONError, OverflowError, UnicodeError):
        return encodable(str(record))[:RECORD_CHARACTERS]
    return str(record)[:RECORD_CHARACTERS]
