"""Who is running: name of this machine, and whether a process of it still lives."""

import os
import socket

__all__ = ["host", "is_dead"]


def host() -> str:
    """Name of this machine."""
    return socket.gethostname()


def is_dead(host_name: str | None, pid: int | None) -> bool:
    """Tell whether the process certainly is gone; of another machine this cannot be told."""
    if host_name != host() or not pid:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
