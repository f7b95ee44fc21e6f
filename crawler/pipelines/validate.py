"""First step: an item must be recognisable and have something to read; sets its key."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import DropItem

from crawler.identity import signal_id
from crawler.items import Signal
from crawler.runtime import run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["ValidatePipeline", "problem"]

MAX_TITLE = 2_000
"""Longest title that is kept, characters."""


def problem(item: Signal) -> tuple[str, str] | None:
    """Code and message of what makes an item unusable, or none."""
    if not (item.native_id or item.url):
        return "missing-identity", "neither native id nor address: the signal could not be recognised again"
    if item.url and not (item.native_id or is_web_address(item.url)):
        return "bad-url", f"{item.url!r} is not an http or https address, and there is no native id"
    if not (
        item.removed or any((part or "").strip() for part in (item.title, item.text, item.html, item.page))
    ):
        return "missing-text", "neither title nor text"
    return None


def is_web_address(url: str) -> bool:
    """Whether this is an http or https address with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


class ValidatePipeline:
    """Rejects what cannot be used, with an issue; shortens what is too long."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "ValidatePipeline":
        """Build the step; part of Scrapy's contract."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Check one item.

        Raises:
            DropItem: it is unusable; the issue says why.
        """
        context = run_of(self.crawler).context
        found = problem(item)
        if found:
            record = {"native_id": item.native_id, "url": item.url, "title": (item.title or "")[:200]}
            context.issue("error", "validate", found[0], found[1], url=item.url, record=record)
            raise DropItem(found[0])
        if item.url and not is_web_address(item.url):
            context.issue(
                "warning",
                "validate",
                "bad-url",
                f"{item.url!r} is no web address: left out",
                record=item.native_id,
            )
            item.url = None
        if item.title and len(item.title) > MAX_TITLE:
            message = f"title of {len(item.title)} characters cut to {MAX_TITLE}"
            context.issue("warning", "validate", "title-cut", message, url=item.url)
            item.title = item.title[:MAX_TITLE]
        item.signal_id = signal_id(item.source, item.native_id, item.url)
        return item
