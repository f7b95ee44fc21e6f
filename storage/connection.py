"""Which database is used, and how it is reached."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConfigurationError, ConnectionFailure, InvalidURI, OperationFailure, PyMongoError

from storage.errors import StorageError

__all__ = ["open_database", "without_password"]

OPTIONS: dict[str, Any] = {
    "retryWrites": True,
    "w": 1,
    "journal": True,
    "serverSelectionTimeoutMS": 5000,
    "uuidRepresentation": "standard",
    "tz_aware": True,
}
"""Options of every connection. No `compressors`: the embedded server does not know OP_COMPRESSED."""
EMBEDDED: dict[str, Any] = {"directConnection": True, "connectTimeoutMS": 60_000}
"""Options of the embedded server. On a busy machine it may not get to answer for half a minute. With the default
(20 s) the driver then takes it for lost and cancels what is in flight, and the run of one source fails; a server
that really died refuses the connection at once, whatever this time is."""


@contextmanager
def open_database(
    uri: str | None = None, data_directory: Path | str | None = None, name: str = "dsi"
) -> Iterator[Database[dict[str, Any]]]:
    """Open the database: the real server at `uri`, else the embedded one below `data_directory/mongodb`.

    Raises:
        StorageError: neither is given, the server cannot be reached or started, or it died meanwhile.
    """
    if uri:
        with _connected(uri) as mongo:
            yield mongo[name]
        return
    if data_directory is None:
        raise StorageError(
            "no database is configured: set MONGODB_URI, or a data directory for the embedded one"
        )
    from storage import server  # fcntl is needed for the embedded server only

    directory = Path(data_directory) / "mongodb"
    with server.client(directory) as embedded_uri, _connected(embedded_uri, **EMBEDDED) as mongo:
        try:
            yield mongo[name]
        except (ConnectionFailure, StorageError) as error:
            if server.disk_full(directory):
                raise StorageError(
                    f"the disk of the database directory {directory} is full: free space on it and run the command "
                    "again; what was acknowledged is stored and the run resumes"
                ) from error
            lost = isinstance(error, ConnectionFailure) or isinstance(error.__cause__, ConnectionFailure)
            last_line = server.died(directory) if lost else None
            if last_line is None:
                raise
            raise StorageError(
                f"the embedded database server of {directory} died; its last log line: {last_line}. "
                "Run the command again: what was acknowledged is stored and the run resumes"
            ) from error


def without_password(uri: str) -> str:
    """Address for messages: the password replaced by `***`."""
    return re.sub(r"(://[^:/@]*):.*@", r"\1:***@", uri)


@contextmanager
def _connected(uri: str, **more: Any) -> Iterator[MongoClient[dict[str, Any]]]:
    shown = without_password(uri)
    try:
        mongo: MongoClient[dict[str, Any]] = MongoClient(uri, **OPTIONS, **more)
    except (InvalidURI, ConfigurationError, ValueError) as error:
        raise StorageError(f"the database address {shown} is not valid: check MONGODB_URI") from error
    with mongo:
        try:
            mongo.admin.command("ping")
        except OperationFailure as error:
            raise StorageError(
                f"the database at {shown} refuses the login: check user and password"
            ) from error
        except PyMongoError as error:
            raise StorageError(
                f"the database at {shown} cannot be reached: is it running? ({str(error)[:200]})"
            ) from error
        yield mongo
