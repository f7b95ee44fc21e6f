"""What can go wrong in the store, as types, and the one place that turns driver errors into them."""

from collections.abc import Iterator
from contextlib import contextmanager

from bson.errors import BSONError
from pymongo.errors import PyMongoError

__all__ = ["LeaseHeldError", "RejectedDocumentsError", "StorageError", "reported"]

DISK_FULL_TEXT = "No space left on device"


class StorageError(Exception):
    """Raised where the database cannot be started, reached, read or written; says what to do."""

    exit_code = 3


class LeaseHeldError(StorageError):
    """Raised when another run holds the lease of the source.

    By `storage.sources.acquire` and `renew`, and by `storage.runs.heartbeat` and `finish` of a run that was taken over.
    """


class RejectedDocumentsError(StorageError):
    """Raised when single documents of a batch were refused; the others of the batch are stored.

    Args:
        rejected: reason of the refusal per `_id`.
        outcomes: what became of the documents that were stored, per `_id`.
    """

    def __init__(self, rejected: dict[str, str], outcomes: dict[str, str]) -> None:
        shown = "; ".join(f"{key}: {reason}" for key, reason in list(rejected.items())[:3])
        super().__init__(
            f"{len(rejected)} documents were refused, the others are stored. First ones: {shown}"
        )
        self.rejected = rejected
        self.outcomes = outcomes


@contextmanager
def reported(doing: str) -> Iterator[None]:
    """Turn an error of the driver inside the block into a `StorageError` that says what was being done.

    Args:
        doing: the action, as the rest of "cannot …" (`write signals of example`).

    Raises:
        StorageError: the driver or the server refused or was out of reach.
    """
    try:
        yield
    except (PyMongoError, BSONError) as error:
        advice = "free space on the disk of the database" if DISK_FULL_TEXT in str(error) else "see the cause"
        said = str(error).partition(", full error:")[0][:500]  # the driver repeats the whole answer
        raise StorageError(f"cannot {doing}: {type(error).__name__}: {said} ({advice})") from error
