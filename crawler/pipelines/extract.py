"""Step "extract": HTML becomes plain text. Whole pages leave the event loop."""

import asyncio
import multiprocessing
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.context import RunContext
from crawler.extract import main_text
from crawler.items import Signal
from crawler.normalise.text import clean, plain_text

__all__ = ["ExtractPipeline"]

POOL_AFTER = 50
"""Whole pages before worker processes pay off: each costs about 3 s of CPU to start."""
WORKERS = 2
TIMEOUT = 60
"""Time for one page: seconds."""
MAX_TEXT = 200_000
"""Longest text that is kept, characters; the raw response stays whole in the evidence."""


class ExtractPipeline:
    """Fill `text` from `html` (inline, 0.1 ms) or `page` (thread, after 50 pages a process pool)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.pool: ProcessPoolExecutor | None = None
        self.pages = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the step; part of Scrapy's contract."""
        return cls(crawler)

    def close_spider(self) -> None:
        """End the worker processes."""
        if self.pool is not None:
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.pool = None

    async def process_item(self, item: Any) -> Any:
        """Turn the HTML of a signal into text; on failure the title stands in and an issue is recorded."""
        if not isinstance(item, Signal):
            return item
        item.title = " ".join(plain_text(item.title).split())
        if item.html:
            item.text = self._fragment(item)
        elif item.page:
            item.text = await self._page(item)
        else:
            item.text = plain_text(item.text)
        item.html = item.page = None
        if item.text and len(item.text) > MAX_TEXT:
            message = f"text of {len(item.text)} characters cut to {MAX_TEXT}"
            self._context().issue("warning", "extract", "text-cut", message, item.url)
            item.text = item.text[:MAX_TEXT]
        return item

    def _context(self) -> RunContext:
        return self.crawler.spider.context  # type: ignore[union-attr, no-any-return]

    def _fragment(self, item: Signal) -> str:
        self._count("fragments")
        return plain_text(item.html) or clean(item.text)

    async def _page(self, item: Signal) -> str:
        self.pages += 1
        self._count("pages")
        try:
            text = await asyncio.wait_for(self._run(item.page or "", item.url), TIMEOUT)
        except (
            BrokenExecutor,
            ImportError,
            TimeoutError,
            ValueError,
            TypeError,
            RecursionError,
            LookupError,
            OSError,
        ) as error:
            self._failed(item, f"{type(error).__name__}: {error}")
            return item.title
        if not text:
            self._failed(item, "no text was found")
        return text or item.title

    async def _run(self, page: str, url: str | None) -> str:
        if self.pages <= POOL_AFTER:
            return await asyncio.to_thread(main_text, page, url)
        if self.pool is None:
            self.pool = ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn"))
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, main_text, page, url)
        except BrokenExecutor:
            self.close_spider()  # the next page gets a fresh pool
            raise

    def _failed(self, item: Signal, reason: str) -> None:
        self._count("failed")
        message = f"source {item.source}: no body text from the page ({reason}); the title stands in"
        self._context().issue("warning", "extract", "no-text", message, item.url)

    def _count(self, name: str) -> None:
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"dsi/extract/{name}")
