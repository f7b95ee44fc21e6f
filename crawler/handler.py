"""Download handler: every request waits for its host, and a busy host (429, 503) is asked again later.

The gate stands here, below every middleware, so redirects, retries and robots.txt pass it.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler

from crawler.runtime import run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["PoliteHandler", "retry_after_seconds"]

BUSY = frozenset({429, 503})


def retry_after_seconds(value: bytes | None, default: float, cap: float) -> float:
    """Seconds that a `Retry-After` header asks for: a number or a date (RFC 9110 10.2.3), at most `cap`."""
    text = (value or b"").decode("latin-1").strip()
    try:
        seconds = float(text) if text else default
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return min(default, cap)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), cap)


class PoliteHandler(BaseDownloadHandler):
    """Scrapy's HTTP handler behind the gate. The turn is given back whatever happens (`finally`)."""

    lazy = True  # the run is attached to the crawler before the first request, not before the engine exists

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self.inner = build_from_crawler(HTTP11DownloadHandler, crawler)
        self.tries = crawler.settings.getint("DSI_BUSY_TRIES")
        self.pause = crawler.settings.getfloat("DSI_BUSY_PAUSE")
        self.cap = crawler.settings.getfloat("DSI_RETRY_AFTER_MAX")

    async def download_request(self, request: Request) -> Response:
        """Send a request when its host is free; a busy host (429, 503) is asked again after its Retry-After."""
        run = run_of(self.crawler)
        politeness, gate = run.source.politeness, run.runtime.gate
        host = urlsplit(request.url).hostname or ""
        attempt = 0
        while True:
            attempt += 1
            async with gate.turn(host, politeness.concurrency, politeness.delay, run.runtime.stopping):
                response = await self.inner.download_request(request)
                if response.status in BUSY:
                    wait = retry_after_seconds(
                        response.headers.get("Retry-After"), self.pause * 2 ** (attempt - 1), self.cap
                    )
                    gate.postpone(host, wait)
            if response.status not in BUSY or attempt >= self.tries or request.meta.get("dsi_robots"):
                return response

    async def close(self) -> None:
        """Close the connections."""
        await self.inner.close()
