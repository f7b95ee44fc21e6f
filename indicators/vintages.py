"""Vintages: immutable editions of the indicators, published by one last write.

The rows of a vintage lie in `indicators`, its files in the GridFS bucket `vintage_files`. Neither counts
before the document of the vintage is in `vintages`: that one insert publishes it. A build that was killed
leaves rows that no published vintage refers to; the next build removes them.

A vintage consists of blocks, one per month. The document says for each month which vintage its rows were
computed in, so that rebuilding one month neither copies nor touches the others.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from gridfs import GridFSBucket
from gridfs.errors import NoFile
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from indicators.errors import BuildRunningError, InputError
from storage.errors import StorageError, reported
from storage.processes import host, is_dead

__all__ = ["building", "frozen", "names", "publish", "resolve", "rows", "store_file", "store_rows"]

MARK = "building"
"""Key of the document that marks a build in progress."""
SILENCE = timedelta(hours=12)
"""A build on another machine that started longer ago is taken for dead."""
BATCH = 5000
DEFAULT_BUCKET = "vintage_files"
Row = dict[str, Any]


def order(name: str) -> tuple[str, int]:
    """Sort key of the names `YYYY-MM-DD` and, from the second edition of a day on, `YYYY-MM-DD-2`."""
    return name[:10], int(name[11:] or 1)


def names(db: Database[Row]) -> list[str]:
    """Published vintages, oldest first."""
    with reported("read the vintages"):
        found = [str(entry["_id"]) for entry in db.vintages.find({"state": "published"}, {"_id": 1})]
    return sorted(found, key=order)


def resolve(db: Database[Row], vintage: str | None = None) -> Row:
    """Read the document of a vintage; default the newest.

    Raises:
        InputError: there is no such vintage, or none at all.

    """
    known = names(db)
    if not known:
        raise InputError("there is no vintage of indicators: run `dsi indicators build` first")
    name = vintage or known[-1]
    if name not in known:
        shown = ", ".join(known[-5:])
        raise InputError(f"there is no vintage {name} of indicators; the newest are {shown}")
    with reported(f"read the vintage {name}"):
        return db.vintages.find_one({"_id": name}) or {}


def rows(
    db: Database[Row], vintage: Mapping[str, Any], match: Mapping[str, Any] | None = None
) -> Iterator[Row]:
    """Read the rows of a vintage, month by month, in the order of their keys.

    Args:
        db: the database.
        vintage: document from `resolve`.
        match: further conditions on the rows.

    Yields:
        rows; `vintage` is the one that was asked for, also where a month was carried over from an earlier
        one, and `_id` is the key without it.

    """
    with reported(f"read the rows of the vintage {vintage['_id']}"):
        for period, origin in sorted(vintage["blocks"].items()):
            if match and match.get("period", period) != period:
                continue
            found = db.indicators.find({**(match or {}), "vintage": origin, "period": period})
            for row in sorted(found, key=lambda entry: entry["_id"]):
                row["_id"] = row["_id"].rsplit("|", 1)[0]
                row["vintage"] = vintage["_id"]
                yield row


def frozen(db: Database[Row], vintage: Mapping[str, Any], file: str) -> bytes:
    """Read a file that was frozen with a vintage.

    Raises:
        StorageError: it is missing.

    """
    with reported(f"read {file} of the vintage {vintage['_id']}"):
        try:
            return GridFSBucket(db, DEFAULT_BUCKET).open_download_stream(f"{vintage['_id']}/{file}").read()
        except NoFile as error:
            raise StorageError(
                f"the vintage {vintage['_id']} has lost its {file}: build a new vintage"
            ) from error


@contextmanager
def building(db: Database[Row], day: str) -> Iterator[str]:
    """Hold the mark of a build; whatever is unfinished at the end of the block is removed.

    Args:
        db: the database.
        day: day of the vintage, `YYYY-MM-DD`.

    Yields:
        the name of the new vintage.

    Raises:
        BuildRunningError: another process holds the mark.
        InputError: the day lies before the newest vintage.

    """
    with reported("clear unfinished vintages"):
        _clear(db)
        try:
            mark = {"_id": MARK, "state": "building", "host": host(), "pid": os.getpid()}
            db.vintages.insert_one({**mark, "started_at": datetime.now(UTC)})
        except DuplicateKeyError as error:
            raise BuildRunningError(
                "another build of indicators has just started: wait for its end"
            ) from error
    name = None
    try:
        known = names(db)  # only now: a build that ended a moment ago may have taken the name
        if known and known[-1][:10] > day:
            raise InputError(
                f"--vintage {day} lies before the newest vintage {known[-1]}: vintages are made in order of time"
            )
        edition = max((order(taken)[1] for taken in known if taken.startswith(day)), default=0) + 1
        name = day if edition == 1 else f"{day}-{edition}"
        with reported(f"mark the build of {name}"):
            db.vintages.update_one({"_id": MARK}, {"$set": {"name": name}})
        yield name
    finally:
        with reported(f"end the build of {name or day}"):
            _drop_unless_published(db, name)
            db.vintages.delete_one({"_id": MARK})


def _clear(db: Database[Row]) -> None:
    mark = db.vintages.find_one({"_id": MARK})
    if mark is None:
        return
    age = datetime.now(UTC) - mark["started_at"]
    if not is_dead(mark["host"], mark["pid"]) and age < SILENCE:
        raise BuildRunningError(
            f"process {mark['pid']} on {mark['host']} is building the vintage {mark.get('name') or 'of indicators'}: "
            "wait for its end"
        )
    _drop_unless_published(db, mark.get("name"))
    db.vintages.delete_one({"_id": MARK, "started_at": mark["started_at"]})


def _drop_unless_published(db: Database[Row], name: str | None) -> None:
    if name is None or db.vintages.find_one({"_id": name}, {"_id": 1}):
        return
    db.indicators.delete_many({"vintage": name})
    bucket = GridFSBucket(db, DEFAULT_BUCKET)
    for file in list(bucket.find({"metadata.vintage": name})):
        bucket.delete(file._id)


def store_rows(db: Database[Row], name: str, block: Mapping[str, Row]) -> None:
    """Write rows, by key, of a vintage that is being built."""
    with reported(f"write rows of the vintage {name}"):
        documents = [{"_id": f"{key}|{name}", **row, "vintage": name} for key, row in block.items()]
        for first in range(0, len(documents), BATCH):
            db.indicators.insert_many(documents[first : first + BATCH], ordered=False)


def store_file(db: Database[Row], name: str, file: str, content: bytes) -> None:
    """Freeze a file with a vintage that is being built."""
    with reported(f"write {file} of the vintage {name}"):
        GridFSBucket(db, DEFAULT_BUCKET).upload_from_stream_with_id(
            f"{name}/{file}", file, content, metadata={"vintage": name}
        )


def publish(db: Database[Row], document: Row) -> None:
    """Publish a vintage: the one write after which it exists."""
    with reported(f"publish the vintage {document['_id']}"):
        db.vintages.insert_one({**document, "state": "published"})
