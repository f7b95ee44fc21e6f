"""Where the recorded real responses and pools lie; they are kept beside the repository, never in it."""

from pathlib import Path

import pytest

__all__ = ["DATA", "recording"]

DATA = Path(__file__).parents[3] / "shared" / "data"


def recording(name: str) -> Path:
    """Path of a recorded file; skips the test where the recordings are absent."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"the recorded file {name} is not beside the repository")
    return path
