"""Fifth step: language and DSI decision, in micro-batches outside the event loop."""

import asyncio
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from crawler.identity import plain
from crawler.pipelines.batch import MicroBatcher
from crawler.runtime import run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["ClassifyPipeline"]

BATCH = 64
"""Items classified at once."""
WAIT = 0.05
"""How long the first item of a batch waits for others, seconds."""


@cache
def shared_classifier(path: str | None = None) -> Any:
    """The classifier of a model file, loaded once per process; none: the packaged one."""
    from classifiers.classifier import Classifier

    return Classifier.load(path)


class ClassifyPipeline:
    """Collects items for a moment and classifies them together; all crawlers share the model."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self._model: str | None = crawler.settings.get("DSI_MODEL")
        self._batches: MicroBatcher[Any] = MicroBatcher(self._classify, BATCH, WAIT)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "ClassifyPipeline":
        """Build the step; part of Scrapy's contract."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Load the model before the first request, without it no item could be stored, and note it.

        Raises:
            ModelError: the model file is missing, damaged or made for another lexicon.
            StorageError: the database is out of reach.
        """
        classifier = await asyncio.to_thread(shared_classifier, self._model)
        db = run_of(self.crawler).runtime.db
        if db is not None:
            from storage import models

            await asyncio.to_thread(models.remember, db, classifier.info, datetime.now(UTC))

    async def process_item(self, item: Any) -> Any:
        """Classify one item, unless it is withdrawn or the dedup step found it unchanged (it has its decision)."""
        if item.removed or item.dsi is not None or item.signal_id in run_of(self.crawler).unchanged:
            return item
        await self._batches.add(item)
        return item

    async def _classify(self, items: list[Any]) -> None:
        records = [plain(item) | {"id": item.signal_id, "kind": item.kind} for item in items]
        answers = await asyncio.to_thread(lambda: shared_classifier(self._model).classify(records))
        for item, answer in zip(items, answers, strict=True):
            item.language = answer.get("language") or item.language
            item.dsi = answer.get("dsi")
