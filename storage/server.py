"""The embedded server of one directory: shared by every process that uses it, stopped by the last one.

Files in the directory: `data/` (the database), `server.json` (process id, port, address), `server.log`,
`start.lock` (held while a server is started or stopped), `clients.lock` (held shared by every client while
it is connected), `keep` (the server stays when the last client leaves).

Locks are the kernel's (`flock`): they vanish with their process, so a killed client leaves none behind.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from storage.errors import DISK_FULL_TEXT, StorageError
from storage.launcher import last_log_line, launch, log_holds, process_serves, unusable

__all__ = ["address", "client", "died", "disk_full", "start", "stop"]

LOCK_SECONDS = 120.0
"""Longest wait for another process that starts or stops the server."""
STOP_SECONDS = 60.0
"""Longest wait for the server to end after a signal: 0.5 to 1.4 s when idle, over 30 s after a million writes."""
ANSWER_SECONDS = 30.0
"""Longest wait for a living server to answer; it is ended after that, so a busy machine must not look like a hang."""


def start(directory: Path | str, keep: bool = False) -> str:
    """Start the server of a directory, or find the running one.

    Args:
        directory: where the files of the server are; created where it is missing.
        keep: the server stays until `stop`, whatever its clients do.

    Returns:
        its address (`mongodb://127.0.0.1:PORT/?directConnection=true`).

    Raises:
        StorageError: no program, no write access, full disk, or the server did not come up.
    """
    directory = _prepared(directory)
    with _start_lock(directory):
        uri = _ensure_running(directory)
        if keep:
            (directory / "keep").touch()
    return uri


def stop(directory: Path | str) -> bool:
    """Stop the server of a directory, whoever uses it, and forget that it was to be kept.

    Returns:
        whether one was running.

    Raises:
        StorageError: it does not end.
    """
    directory = Path(directory).absolute()
    if not directory.is_dir():
        return False
    with _start_lock(directory):
        (directory / "keep").unlink(missing_ok=True)
        return _terminate(directory)


def address(directory: Path | str) -> str | None:
    """Address of the running server of a directory, or none."""
    directory = Path(directory).absolute()
    state = _state(directory)
    if state is None or not process_serves(state["pid"], directory):
        return None
    return str(state["uri"]) if _answers(state["uri"]) else None


@contextmanager
def client(directory: Path | str) -> Iterator[str]:
    """Use the server of a directory: started for the first client, stopped when the last one leaves.

    Yields:
        its address.

    Raises:
        StorageError: as `start`.
    """
    directory = _prepared(directory)
    # An own open file per use: two uses in one process count as two clients.
    with (directory / "clients.lock").open("a") as lock:
        with _start_lock(directory):
            fcntl.flock(lock, fcntl.LOCK_SH)
            uri = _ensure_running(directory)
        try:
            yield uri
        finally:
            with _start_lock(directory):
                if _alone(lock.fileno()) and not (directory / "keep").exists():
                    _terminate(directory)
                fcntl.flock(lock, fcntl.LOCK_UN)  # also for children that inherited the open file


def died(directory: Path | str) -> str | None:
    """Last line of the log where the server of the directory is not running any more, else none."""
    return None if address(directory) else last_log_line(Path(directory))


def disk_full(directory: Path | str) -> bool:
    """Whether the server of the directory reported that its disk is full since it was started."""
    return log_holds(Path(directory), DISK_FULL_TEXT)


def _prepared(directory: Path | str) -> Path:
    path = Path(directory).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / "clients.lock").touch()
    except OSError as error:
        raise unusable(path, error) from error
    return path


@contextmanager
def _start_lock(directory: Path) -> Iterator[None]:
    try:
        with FileLock(directory / "start.lock", timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise StorageError(
            f"another process has been starting or stopping the database in {directory} "
            f"for {LOCK_SECONDS:.0f} s: end it, then try again"
        ) from error


def _alone(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ensure_running(directory: Path) -> str:
    running = address(directory)
    if running:
        return running
    _terminate(directory)  # one that lives but does not answer would keep the files locked
    pid, port = launch(directory)
    uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    draft = directory / "server.json.new"  # written first: a server that nobody knows could not be stopped
    draft.write_text(json.dumps({"pid": pid, "port": port, "uri": uri}))
    draft.replace(directory / "server.json")
    if not _answers(uri):
        raise StorageError(f"the embedded server started but does not answer: {last_log_line(directory)}")
    return uri


def _state(directory: Path) -> dict[str, Any] | None:
    try:
        state = json.loads((directory / "server.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return state if isinstance(state, dict) and {"pid", "port", "uri"} <= state.keys() else None


def _answers(uri: str) -> bool:
    try:
        probe: MongoClient[dict[str, Any]] = MongoClient(
            uri, directConnection=True, serverSelectionTimeoutMS=int(ANSWER_SECONDS * 1000)
        )
        with probe:
            probe.admin.command("ping")
    except PyMongoError:
        return False
    return True


def _terminate(directory: Path) -> bool:
    state = _state(directory)
    if state is None:
        return False
    pid = state["pid"]
    running = process_serves(pid, directory)
    if running:
        os.kill(pid, signal.SIGTERM)  # SIGINT is ignored by a server whose parent ignored it
        if not _ended(pid, directory, STOP_SECONDS):
            # It hangs now and then while it ends. Acknowledged writes are on disk (--sync-on-commit), so that
            # the next start recovers them.
            os.kill(pid, signal.SIGKILL)
            if not _ended(pid, directory, STOP_SECONDS):
                raise StorageError(f"the embedded server (process {pid}) of {directory} cannot be ended")
    (directory / "server.json").unlink(missing_ok=True)
    return running


def _ended(pid: int, directory: Path, seconds: float) -> bool:
    """Wait for the end of a server."""
    until = time.monotonic() + seconds
    while process_serves(pid, directory):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
