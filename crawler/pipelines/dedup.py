"""Fourth step: link items to stored and to other new signals, in micro-batches."""

import asyncio
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from crawler.dedup import read
from crawler.identity import plain
from crawler.items import Signal
from crawler.pipelines.batch import MicroBatcher
from crawler.runtime import abandon, run_of
from storage.errors import StorageError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["DedupPipeline"]

BATCH = 100
"""Items looked up at once."""
WAIT = 0.05
"""How long the first item of a batch waits for others, seconds."""


class DedupPipeline:
    """Sets keys and links; an item whose stored content is equal keeps its stored links.

    Links found later, also by the crawler of another source, reach an item that still waits when it is stored.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        run = run_of(crawler)
        self.database, self.index = run.runtime.db, run.runtime.dedup_index
        self._batches: MicroBatcher[Signal] = MicroBatcher(self._link, BATCH, WAIT)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Build the step; all crawlers of one runtime share the index. Part of Scrapy's contract."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Link one signal; withdrawn ones pass."""
        if not isinstance(item, Signal) or item.removed or not item.signal_id:
            return item
        try:
            await self._batches.add(item)
        except StorageError as error:
            abandon(self.crawler, str(error))
            raise DropItem("store-failed") from error
        return item

    async def _link(self, items: list[Signal]) -> None:
        known: dict[str, Any] = {}
        if self.database is not None:
            from storage import signals

            known = await asyncio.to_thread(
                signals.known, self.database, [str(item.signal_id) for item in items]
            )
        fresh: list[Signal] = []
        for item in items:
            stored = known.get(item.signal_id or "")
            if stored and item.content_hash and stored.get("content_hash") == item.content_hash:
                item.cluster_id, item.series_id = stored.get("cluster_id"), stored.get("series_id")
                item.canonical = stored.get("canonical", True)
                run_of(self.crawler).unchanged.add(str(item.signal_id))
            else:
                fresh.append(item)
        await self._compare(fresh)

    async def _compare(self, items: list[Signal]) -> None:
        prepared = []
        for item in items:
            record, item.dedup_keys = read(plain(item) | {"kind": item.kind}, str(item.signal_id))
            prepared.append((record, item.dedup_keys))
        documents: list[dict[str, Any]] = []
        if self.database is not None and items:
            from storage import signals

            keys = sorted({key for item in items for key in item.dedup_keys})
            documents = list(await asyncio.to_thread(signals.candidates, self.database, keys))
        changed: set[str] = set()
        for record, keys in prepared:
            changed |= self.index.add(record, keys) | {record.id}
        for stored in documents:  # after the batch: a changed item counts as it is now, not as stored
            record, _ = read(stored, stored["_id"])
            changed |= self.index.add(
                record,
                stored.get("dedup_keys") or [],
                cluster=stored.get("cluster_id"),
                series=stored.get("series_id"),
            )
        for item in items:
            for name, value in self.index.link(str(item.signal_id)).fields(str(item.signal_id)).items():
                setattr(item, name, value)
        if self.database is not None:
            others = changed - {str(item.signal_id) for item in items}
            run_of(self.crawler).runtime.links |= {
                key: self.index.link(key).fields(key) for key in others if key in self.index
            }
