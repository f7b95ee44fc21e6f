"""Politeness per host over all crawlers of the process, and the answer to 429 and 503.

Scrapy's own delay and concurrency count per crawler: two sources on one host would double the rate. The
gate stands in the download handler, below every middleware, so redirects, retries and robots.txt pass it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler

from crawler.refusal import RefusedRequest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["HostGate", "PoliteHandler", "retry_after_seconds"]

BUSY = frozenset({429, 503})


class _Host:
    def __init__(self) -> None:
        self.changed = asyncio.Condition()
        self.in_flight = 0
        self.next_start = 0.0
        self.blocked_until = 0.0
        self.crawl_delay = 0.0


class HostGate:
    """Lets requests to one host through one at a time (or `concurrency` at a time), `delay` seconds apart."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    def host(self, name: str) -> _Host:
        """State of a host."""
        return self._hosts.setdefault(name.lower(), _Host())

    def postpone(self, name: str, seconds: float) -> None:
        """Start nothing on this host for some seconds (Retry-After)."""
        host = self.host(name)
        host.blocked_until = max(host.blocked_until, time.monotonic() + seconds)

    def crawl_delay(self, name: str, seconds: float) -> None:
        """Keep at least this many seconds between two requests (Crawl-delay of robots.txt)."""
        host = self.host(name)
        host.crawl_delay = max(host.crawl_delay, seconds)

    @asynccontextmanager
    async def turn(
        self, name: str, concurrency: int, delay: float, stopping: asyncio.Event
    ) -> AsyncIterator[None]:
        """Wait for a turn on a host and hold it.

        Raises:
            RefusedRequest: the process is stopping; the request was not sent.
        """
        host = self.host(name)
        async with host.changed:
            await host.changed.wait_for(lambda: host.in_flight < concurrency)
            host.in_flight += 1
        try:
            while True:
                now = time.monotonic()
                start = max(host.next_start, host.blocked_until)
                if start <= now or stopping.is_set():
                    break
                await _pause(start - now, stopping)
            if stopping.is_set():
                raise RefusedRequest("interrupted", "the run is being stopped; the next run asks again")
            host.next_start = time.monotonic() + max(delay, host.crawl_delay)
            yield
        finally:
            host.in_flight -= 1
            async with host.changed:
                host.changed.notify_all()


async def _pause(seconds: float, stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return


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
        from crawler.runtime import run_of

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
