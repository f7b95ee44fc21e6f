"""Politeness per host over all crawlers of the process.

Scrapy's own delay and concurrency count per crawler: two sources on one host would double the rate.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from crawler.refusal import RefusedRequest

__all__ = ["HostGate"]


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
