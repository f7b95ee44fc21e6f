"""Last step: items become documents, written in batches by a thread."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from crawler.identity import canonical_url, content_hash, plain
from crawler.items import Signal
from crawler.runtime import abandon, run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["StorePipeline", "document"]

BATCH = 100
"""Items written at once."""
WAIT = 2.0
"""Longest time an item stays in memory, seconds."""


def document(item: Signal) -> dict[str, Any]:
    """Turn an item into what is stored: fields of the item without the raw pages, `_id`, kind and `url_key`."""
    values: dict[str, Any] = plain(item)
    for name in ("html", "page", "signal_id"):
        values.pop(name, None)
    values["_id"] = item.signal_id
    values["kind"] = item.kind
    values["url_key"] = canonical_url(item.url) if item.url else None
    if not item.removed:
        values.pop("removed", None)  # the store keeps it for what the source withdrew only
    return {name: value for name, value in values.items() if value is not None}


class StorePipeline:
    """Buffers items and writes them; a dry run prints them instead."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        days = crawler.settings.get("DSI_EVIDENCE_DAYS")
        self._retention = timedelta(days=int(days)) if days else None
        self._buffer: list[Signal] = []
        self._timer: asyncio.Task[None] | None = None
        self._seen: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "StorePipeline":
        """Build the step; part of Scrapy's contract."""
        return cls(crawler)

    async def process_item(self, item: Signal) -> Signal:
        """Take one item; every hundredth waits until the batch is written, which slows the crawl when it must."""
        run = run_of(self.crawler)
        if run.context.dry_run or run.runtime.db is None:
            self._print(item)
            return item
        self._buffer.append(item)
        if len(self._buffer) >= BATCH:
            await self.flush()
        elif self._timer is None or self._timer.done():
            self._timer = asyncio.ensure_future(self._flush_later())
        return item

    async def close_spider(self) -> None:
        """Write what is left."""
        if self._timer is not None:
            self._timer.cancel()
        await self.flush()

    async def _flush_later(self) -> None:
        await asyncio.sleep(WAIT)
        # Shielded: closing the spider cancels the timer, never a batch that is being written.
        await asyncio.shield(asyncio.ensure_future(self.flush()))

    async def flush(self) -> None:
        """Write the buffer. A batch that cannot be written fails the run and is recorded, never passed over."""
        run = run_of(self.crawler)
        async with run.runtime.store_lock:
            # Swapped before the first await: no item is written twice, and links found during the write wait.
            batch, self._buffer = self._buffer, []
            links, run.runtime.links = run.runtime.links, {}
            if not batch and not links:
                return
            if run.lost:  # its successor lists these again, and may have stored them as they are by now
                run.context.outcomes["rejected"] += len(batch)
                self._release(batch)
                run.runtime.links = links | run.runtime.links
                return
            self._refresh(batch)
            try:
                outcomes = await asyncio.to_thread(self._write, batch, links)
            except Exception as error:  # noqa: BLE001 (recorded, and the run ends as failed)
                message = f"{len(batch)} items could not be stored: {type(error).__name__}: {error}"
                abandon(self.crawler, message)
                run.context.outcomes["rejected"] += len(batch)
                run.runtime.links = links | run.runtime.links
            else:
                run.context.outcomes.update(outcomes)
            self._release(batch)

    def _release(self, batch: list[Signal]) -> None:
        """Let go of the raw responses that these items held."""
        run = run_of(self.crawler)
        for item in batch:
            for key in item.evidence:
                run.evidence.release(key)

    def _refresh(self, batch: list[Signal]) -> None:
        """Give items the links they have by now: while they waited, another source may have brought a copy."""
        run = run_of(self.crawler)
        index = run.runtime.dedup_index
        for item in batch:
            key = str(item.signal_id)
            if key in index and key not in run.unchanged and not item.removed:
                for name, value in index.link(key).fields(key).items():
                    setattr(item, name, value)

    def _write(self, batch: list[Signal], links: dict[str, Any]) -> list[str]:
        """Write one batch (in a thread); answers one outcome per item, in order."""
        from storage import evidence, signals
        from storage.errors import RejectedDocumentsError

        run = run_of(self.crawler)
        db, run_id, now = run.db, run.context.run_id, datetime.now(UTC)
        for item in batch:
            item.content_hash = item.content_hash or content_hash(item)
        last = {str(item.signal_id): item for item in batch}
        known = signals.known(db, list(last))
        touched: list[Signal] = []
        written: list[Signal] = []
        for key, item in last.items():
            stored = known.get(key)
            # an advert that is still listed past its closing date stays closed
            standing = stored and (not stored.get("removed_at") or stored.get("removal_reason") == "expired")
            same = stored and standing and stored.get("content_hash") == item.content_hash
            (touched if same and not item.removed else written).append(item)
        forget = run.source.lifecycle.forget
        records = {
            key: record
            for item in written
            # Of a withdrawal that concerns nothing stored, or nothing that may be kept, no signal would refer to it.
            if not item.removed or (item.signal_id in known and not forget)
            for key in item.evidence
            if (record := run.evidence.get(key))
        }
        if records:
            evidence.put(db, list(records.values()), self._retention)
        if links:
            signals.relink(db, links)
        results: dict[str, str] = {}
        try:
            if written:
                documents = [document(item) for item in written]
                results = signals.write_batch(db, documents, run_id, now, keep_evidence=forget)
        except RejectedDocumentsError as error:  # single documents: the others of the batch are stored
            results = error.outcomes | dict.fromkeys(error.rejected, "rejected")
            for key, reason in error.rejected.items():
                run.context.issue("error", "store", "document-refused", reason, url=last[key].url)
        if touched:
            signals.touch(db, [str(item.signal_id) for item in touched], run_id, now)
        return [
            "duplicate"
            if last[str(item.signal_id)] is not item
            else self._outcome(item, results.get(str(item.signal_id)))
            for item in batch
        ]

    @staticmethod
    def _outcome(item: Signal, result: str | None) -> str:
        if item.removed and result != "rejected":
            return "removed"
        if result == "new" and not item.canonical:
            return "duplicate"
        return result or "unchanged"

    def _print(self, item: Signal) -> None:
        run = run_of(self.crawler)
        values = document(item)
        sys.stdout.write(orjson.dumps(values, default=str, option=orjson.OPT_NON_STR_KEYS).decode() + "\n")
        run.context.outcomes["removed" if item.removed else "new"] += 1
        self._release([item])
