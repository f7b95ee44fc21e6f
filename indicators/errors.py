"""What can go wrong with indicators, as types; `exit_code` is what the command line answers with."""

from storage.errors import StorageError

__all__ = ["BuildRunningError", "InputError"]


class InputError(StorageError):
    """Raised where what was asked for cannot be meant: no such vintage, period, country or folder."""

    exit_code = 2


class BuildRunningError(StorageError):
    """Raised when another process is building a vintage in the same database."""

    exit_code = 6
