"""What the Scrapy components of one process share, and what belongs to one run.

Scrapy deep-copies its settings, so a database handle or a lock cannot travel in them: the runner attaches
a `Run` to each crawler and every component asks `run_of(crawler)`.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from crawler.context import RunContext
from crawler.dedup import ClusterIndex
from crawler.hosts import HostGate

if TYPE_CHECKING:
    from pymongo.database import Database
    from scrapy.crawler import Crawler

    from crawler.sources import Source

__all__ = ["EvidencePool", "Run", "Runtime", "abandon", "attach", "run_of"]


class EvidencePool:
    """Raw responses whose items are still on their way: kept until the last item of each was stored."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, Any]] = {}
        self._holders: dict[str, int] = {}

    def hold(self, record: dict[str, Any]) -> None:
        """Keep a response for one more holder (its parser, or an item)."""
        key = record["_id"]
        self._records.setdefault(key, record)
        self._holders[key] = self._holders.get(key, 0) + 1

    def get(self, key: str) -> dict[str, Any] | None:
        """The response with this SHA-256, if it is still held."""
        return self._records.get(key)

    def release(self, key: str) -> None:
        """Let one holder go; the last one frees the body."""
        if key not in self._holders:
            return
        self._holders[key] -= 1
        if self._holders[key] <= 0:
            del self._holders[key], self._records[key]

    def __len__(self) -> int:
        return len(self._records)


@dataclass(kw_only=True)
class Runtime:
    """Shared by all crawlers of one call of the runner."""

    db: "Database[dict[str, Any]] | None" = None
    """Database; none in a dry run."""
    owner: str = "manual"
    """Name under which leases are held."""
    trigger: str = "manual"
    """What started the runs."""
    store_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One batch is written at a time, so two sources never write the same cluster at once."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by Ctrl-C or SIGTERM: waits end early, runs stay resumable."""
    gate: HostGate = field(default_factory=HostGate)
    """One request at a time per host, over all crawlers."""
    robots: dict[str, "asyncio.Task[Any]"] = field(default_factory=dict)
    """Origin -> the one fetch of its robots.txt."""
    private_hosts: set[str] = field(default_factory=set)
    """Hosts of sources that may lie on private addresses."""
    dedup_index: ClusterIndex = field(default_factory=ClusterIndex)
    """Signals of this call with their links, over all sources."""
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Changed links of signals that are already stored: the dedup step fills it, the store step empties it."""


@dataclass(kw_only=True)
class Run:
    """One run of one source, as its Scrapy components see it."""

    runtime: Runtime
    source: "Source"
    context: RunContext
    evidence: EvidencePool = field(default_factory=EvidencePool)
    unchanged: set[str] = field(default_factory=set)
    """Signals whose stored content is equal: they keep their links and their grade."""
    lost: bool = False
    """Another process has taken the source over: nothing more is written."""
    state: str = "running"
    error: str | None = None
    pages: int = 0
    bytes: int = 0
    issues: int = 0
    started: float = 0.0
    opened: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def db(self) -> "Database[dict[str, Any]]":
        """Database of a run that writes; a dry run has none."""
        if self.runtime.db is None:
            raise RuntimeError("a dry run has no database")
        return self.runtime.db


def attach(crawler: "Crawler", run: Run) -> None:
    """Tie a run to its crawler."""
    crawler.dsi_run = run  # type: ignore[attr-defined]


def run_of(crawler: "Crawler") -> Run:
    """The run of a crawler. A spider started by `scrapy crawl` gets a dry run of its own."""
    run = getattr(crawler, "dsi_run", None)
    if run is None:
        spider = cast(Any, crawler.spider)
        spider.context.dry_run = True
        run = Run(runtime=Runtime(), source=spider.source, context=spider.context)
        attach(crawler, run)
    return cast(Run, run)


def abandon(crawler: "Crawler", error: str) -> None:
    """End a run whose findings cannot be stored; the first cause is its error and its issue."""
    run = run_of(crawler)
    if run.error is not None:
        return
    run.error = error
    run.context.issue("error", "store", "store-failed", error)
    engine: Any = crawler.engine
    asyncio.ensure_future(engine.close_spider_async(reason="store-failed"))  # noqa: RUF006
