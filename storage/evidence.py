"""Raw responses: stored once per body, compressed, under the SHA-256 of the body."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from gridfs import GridFSBucket
from gridfs.errors import FileExists, NoFile
from pymongo import UpdateOne, WriteConcern
from pymongo.database import Database

from storage.errors import StorageError, reported

__all__ = ["delete", "get", "put", "sweep"]

DOCUMENT_BYTES = 12 * 1024 * 1024
"""Largest compressed body inside a document (MongoDB's limit for a document is 16 MiB)."""
BUCKET = "evidence_files"
JOURNALED = WriteConcern(w=1, j=True)
"""Evidence cannot be made again: acknowledged means on disk."""
ORPHAN_AGE = timedelta(hours=1)
"""A file without a document is deleted only after this: the document may be on its way."""


def put(
    db: Database[dict[str, Any]],
    responses: Iterable[Mapping[str, Any]],
    retention: timedelta | None = None,
) -> list[str]:
    """Store responses; a body that is stored already is left as it is.

    Args:
        db: the database.
        responses: `{_id, url, status, headers, fetched_at, body}`; `_id` may be left out.
        retention: how long they are kept after `fetched_at`; for ever where it is not given.

    Returns:
        SHA-256 of each body, in the order given.

    Raises:
        StorageError: an `_id` is not the SHA-256 of its body, or the database refuses.
    """
    keys: list[str] = []
    updates: dict[str, UpdateOne] = {}
    for response in responses:
        body = bytes(response["body"])
        key = hashlib.sha256(body).hexdigest()
        if response.get("_id", key) != key:
            raise StorageError(
                f"evidence of {response.get('url')}: _id {response['_id']} is not the SHA-256 of its body"
            )
        keys.append(key)
        if key in updates:
            continue
        packed = zlib.compress(body, 6)
        document = {name: value for name, value in response.items() if name not in {"_id", "body"}}
        document["size"] = len(body)
        if len(packed) > DOCUMENT_BYTES:
            _put_file(db, key, packed)
            document["stored_in"] = "gridfs"
        else:
            document |= {"stored_in": "document", "body": packed}
        change: dict[str, Any] = {"$setOnInsert": document}
        if retention is not None:
            change["$max"] = {"expires_at": (response.get("fetched_at") or datetime.now(UTC)) + retention}
        updates[key] = UpdateOne({"_id": key}, change, upsert=True)
    if updates:
        with reported("write evidence"):
            db.get_collection("evidence", write_concern=JOURNALED).bulk_write(
                list(updates.values()), ordered=False
            )
    return keys


def get(db: Database[dict[str, Any]], sha256: str) -> dict[str, Any] | None:
    """Read one response with its body as it came, or none where it is not stored (any more).

    Raises:
        StorageError: the body is missing or damaged.
    """
    with reported(f"read evidence {sha256}"):
        document = db.evidence.find_one({"_id": sha256})
        if document is None:
            return None
        if document.get("stored_in") == "gridfs":
            packed = GridFSBucket(db, BUCKET).open_download_stream(sha256).read()
        else:
            packed = document["body"]
    try:
        document["body"] = zlib.decompress(packed)
    except zlib.error as error:
        raise StorageError(f"evidence {sha256} is damaged: {error}") from error
    return document


def delete(db: Database[dict[str, Any]], keys: Iterable[str]) -> int:
    """Delete responses by the SHA-256 of their bodies, those in GridFS with their files.

    Returns:
        how many there were.
    """
    wanted = {"_id": {"$in": list(keys)}}
    with reported("delete evidence"):
        filed = [entry["_id"] for entry in db.evidence.find({**wanted, "stored_in": "gridfs"}, {"_id": 1})]
        for key in filed:
            with suppress(NoFile):  # deleted before an interruption
                GridFSBucket(db, BUCKET).delete(key)
        return db.evidence.delete_many(wanted).deleted_count


def sweep(db: Database[dict[str, Any]], now: datetime | None = None) -> int:
    """Delete expired evidence with its GridFS files: the database's own expiry is slow and reaches documents only.

    Returns:
        number of files deleted.
    """
    now = now or datetime.now(UTC)
    before = now - ORPHAN_AGE
    with reported("delete expired evidence"):
        db.evidence.delete_many({"expires_at": {"$lt": now}})
        old = [
            entry["_id"] for entry in db[f"{BUCKET}.files"].find({"uploadDate": {"$lt": before}}, {"_id": 1})
        ]
        if not old:
            return 0
        kept = {entry["_id"] for entry in db.evidence.find({"_id": {"$in": old}}, {"_id": 1})}
        bucket = GridFSBucket(db, BUCKET)
        for key in set(old) - kept:
            bucket.delete(key)
    return len(set(old) - kept)


def _put_file(db: Database[dict[str, Any]], key: str, packed: bytes) -> None:
    with reported(f"write evidence file {key}"):
        if db[f"{BUCKET}.files"].find_one({"_id": key}, {"_id": 1}):
            return
        # Pieces without a file entry are from an upload that was killed; they would block this one.
        db[f"{BUCKET}.chunks"].delete_many({"files_id": key})
        try:
            GridFSBucket(db, BUCKET, write_concern=JOURNALED).upload_from_stream_with_id(key, key, packed)
        except FileExists:
            if not db[f"{BUCKET}.files"].find_one({"_id": key}, {"_id": 1}):
                raise
