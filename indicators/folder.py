"""A folder of files that appears whole or not at all."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from indicators.errors import InputError
from storage.processes import host, is_dead

__all__ = ["MARKER", "check_folder", "replace_folder"]

MARKER = "SHA256SUMS"
"""File that an export writes and by which it knows its own folder again."""


def check_folder(directory: Path) -> None:
    """Make sure that the folder may be written: it is missing, empty, or an earlier export.

    Raises:
        InputError: it holds other files or is none.

    """
    heal(directory)
    try:
        if directory.exists() and not directory.is_dir():
            raise InputError(f"{directory}: is a file; choose a folder")
        if directory.exists() and any(directory.iterdir()) and not (directory / MARKER).is_file():
            raise InputError(f"{directory}: holds files that no export made; choose an empty folder")
        nearest = next(
            (parent for parent in (directory, *directory.absolute().parents) if parent.exists()), None
        )
    except OSError as error:
        raise InputError(f"{directory}: cannot be read: {error.strerror}; choose another folder") from error
    if nearest is None or not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"{directory}: cannot be written: {nearest} is not writable; choose another folder")


def replace_folder(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder of their own beside the target, then put it in the target's place.

    An earlier export is moved aside first and removed last: killed in between, it is put back by the next
    call, and no reader ever sees a folder with some of the files.

    Raises:
        InputError: the folder cannot be written; the earlier export is as it was.

    """
    fresh, aside = beside(directory, "new"), beside(directory, "old")
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        fresh.mkdir()
        for name, content in files.items():
            with (fresh / name).open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        if directory.exists() and any(directory.iterdir()):
            directory.rename(aside)
        fresh.rename(directory)  # onto nothing or an empty folder: one step
    except OSError as error:
        if aside.exists() and not directory.exists():
            aside.rename(directory)
        raise InputError(
            f"{directory}: cannot be written: {error.strerror}; choose another folder"
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(aside, ignore_errors=True)


def beside(directory: Path, role: str) -> Path:
    """Hidden neighbour of a folder that belongs to this process."""
    return directory.parent / f".{directory.name}.{role}-{os.getpid()}"


def heal(directory: Path) -> None:
    """Clear up after exports that were killed: put an earlier export back, drop what was not finished."""
    if not directory.parent.is_dir():
        return
    for role in ("old", "new"):
        for left in sorted(directory.parent.glob(f".{directory.name}.{role}-*")):
            number = left.name.rpartition("-")[2]
            if not number.isdigit() or not (is_dead(host(), int(number)) or int(number) == os.getpid()):
                continue
            if role == "old" and not directory.exists():
                left.rename(directory)
            else:
                shutil.rmtree(left, ignore_errors=True)
