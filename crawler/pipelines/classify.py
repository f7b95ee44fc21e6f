"""Fifth step: language and DSI decision, in micro-batches outside the event loop."""

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any

from crawler.identity import plain

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["ClassifyPipeline"]

BATCH = 64
"""Items classified at once."""
WAIT = 0.05
"""How long the first item of a batch waits for others, seconds."""


@cache
def shared_classifier() -> Any:
    """The classifier, loaded once per process."""
    from classifiers.classifier import Classifier

    return Classifier.load()


class ClassifyPipeline:
    """Collects items for a moment and classifies them together; all crawlers share the model."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self._waiting: list[tuple[Any, asyncio.Future[None]]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "ClassifyPipeline":
        """Build the step; part of Scrapy's contract."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Load the model before the first request: without it no item could be stored.

        Raises:
            ModelError: the model file is missing, damaged or made for another lexicon.
        """
        await asyncio.to_thread(shared_classifier)

    async def process_item(self, item: Any) -> Any:
        """Classify one item, unless it is withdrawn or the dedup step found it unchanged (it has its decision)."""
        if (
            item.removed
            or item.dsi is not None
            or item.signal_id in getattr(self.crawler, "dedup_unchanged", ())
        ):
            return item
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._waiting) >= BATCH:
            self._start(0.0)
        elif len(self._waiting) == 1:
            self._start(WAIT)
        await future
        return item

    def _start(self, wait: float) -> None:
        task = asyncio.ensure_future(self._run(wait))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, wait: float) -> None:
        await asyncio.sleep(wait)
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if self._waiting:
            self._start(0.0)
        if not batch:
            return
        try:
            records = [plain(item) | {"id": item.signal_id, "kind": item.kind} for item, _ in batch]
            answers = await asyncio.to_thread(lambda: shared_classifier().classify(records))
        except Exception as error:  # noqa: BLE001 (handed to every waiting item, where it is recorded)
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (item, future), answer in zip(batch, answers, strict=True):
            item.language = answer.get("language") or item.language
            item.dsi = answer.get("dsi")
            if not future.done():
                future.set_result(None)
