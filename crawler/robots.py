"""Robots gate (RFC 9309): one fetch of robots.txt per origin and process, every request checked after it.

Scrapy's middleware (2.14 to 2.19) lets requests through that arrive while robots.txt is being fetched and
reads the body of a 5xx answer as rules. Here all waiters wait for one task and are then each checked.
"""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import NotConfigured

from crawler.guard import GuardedResolver
from crawler.refusal import RefusedRequest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["RobotsMiddleware", "Rules", "rules_from_answer"]

MAX_BYTES = 512 * 1024
"""How much of a robots.txt is read; RFC 9309 2.5 asks for at least 500 KiB."""
MAX_CRAWL_DELAY = 60.0
"""Longest Crawl-delay that is waited for, seconds; a longer one refuses the host."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What robots.txt of one origin says to us."""

    parser: Protego | None = None
    everything: bool | None = None
    """True: all allowed, false: all refused; none: ask the parser."""
    reason: str = ""
    crawl_delay: float = 0.0
    code: str = "robots-disallow"
    """Code of the issue of a refused request."""

    def allow(self, url: str, agent: str) -> bool:
        """Whether an address may be fetched."""
        if self.everything is not None:
            return self.everything
        return bool(self.parser and self.parser.can_fetch(url, agent))


def rules_from_answer(status: int, body: bytes, agent: str) -> Rules:
    """Read an answer to a robots.txt request: 2xx rules, 4xx no rules, anything else refuses (RFC 9309 2.3.1)."""
    if 400 <= status < 500 and status != 429:
        return Rules(everything=True, reason=f"robots.txt answered {status}")
    if not 200 <= status < 300:
        reason = f"robots.txt answered {status}: nothing may be fetched"
        return Rules(everything=False, reason=reason, code="robots-unreachable")
    parser = Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", errors="replace"))
    delay = float(parser.crawl_delay(agent) or 0.0)
    if delay > MAX_CRAWL_DELAY:
        return Rules(
            everything=False, reason=f"robots.txt asks for {delay:g} s between requests: too slow to crawl"
        )
    return Rules(parser=parser, reason="robots.txt", crawl_delay=delay)


class RobotsMiddleware:
    """Downloader middleware: asks robots.txt before every request of a source that obeys it."""

    def __init__(self, crawler: "Crawler") -> None:
        if not crawler.settings.getbool("DSI_ROBOTS", True):
            raise NotConfigured("the source file states why robots.txt is not asked")
        self.crawler = crawler
        self.agent = crawler.settings["DSI_ROBOTS_TOKEN"]

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "RobotsMiddleware":
        """Build the middleware; part of Scrapy's contract."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the rules of the origin and refuse what they do not allow."""
        if request.meta.get("dsi_robots"):
            return
        rules = await self.rules(request.url)
        if not rules.allow(request.url, self.agent):
            raise RefusedRequest(rules.code, f"not fetched: {rules.reason or 'robots.txt disallows it'}")

    async def rules(self, url: str) -> Rules:
        """Rules of the origin of an address, fetched once per process."""
        from crawler.runtime import run_of

        runtime = run_of(self.crawler).runtime
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in runtime.robots:
            runtime.robots[origin] = asyncio.ensure_future(self._fetch(origin, parts.hostname or ""))
        # Shielded: one waiter that is cancelled must not take the answer from the others.
        return await asyncio.shield(runtime.robots[origin])

    async def _fetch(self, origin: str, host: str) -> Rules:
        from crawler.runtime import run_of

        url = f"{origin}/robots.txt"
        meta = {"dsi_robots": True, "download_maxsize": 30 * 2**20}
        try:
            response = await self.crawler.engine.download_async(Request(url, meta=meta, priority=1000))
        except Exception as error:  # noqa: BLE001 (whatever the reason, unreachable means refused; it is recorded)
            if host.lower() in GuardedResolver.refused:
                return Rules(
                    everything=False, reason=GuardedResolver.refused[host.lower()], code="private-address"
                )
            reason = f"robots.txt is unreachable ({type(error).__name__}: {error})"
            return Rules(everything=False, reason=reason, code="robots-unreachable")
        rules = rules_from_answer(response.status, response.body, self.agent)
        if rules.crawl_delay:
            run_of(self.crawler).runtime.gate.crawl_delay(host, rules.crawl_delay)
        return rules
