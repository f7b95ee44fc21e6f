"""Changed cluster links of signals that are already stored, waiting for the store step."""

from typing import Any

__all__ = ["PENDING", "Links"]


class Links:
    """A dict of links that the dedup step fills and the store step empties."""

    def __init__(self) -> None:
        self.waiting: dict[str, dict[str, Any]] = {}

    def add(self, key: str, link: dict[str, Any]) -> None:
        """Note the newest link of a signal."""
        self.waiting[key] = link

    def take(self) -> dict[str, dict[str, Any]]:
        """Hand over everything that waits."""
        taken = dict(self.waiting)
        self.waiting.clear()
        return taken


PENDING = Links()
"""Shared by all crawlers of the process."""
