"""Run sources: host groups in parallel, the sources of one host one after another, all in one process."""

import asyncio
import atexit
import hashlib
import json
import os
import signal
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging
from scrapy.utils.misc import build_from_crawler, load_object
from scrapy.utils.reactor import install_reactor

from crawler import __version__
from crawler.context import FIGURES, RunContext
from crawler.guard import GuardedResolver
from crawler.ledger import LEASE_SECONDS
from crawler.loader import spider_class
from crawler.runtime import Run, Runtime, attach
from crawler.sources import Source

if TYPE_CHECKING:
    from pymongo.database import Database

__all__ = ["RunSummary", "config_hash", "crawl"]


@dataclass(slots=True, kw_only=True)
class RunSummary:
    """What became of one run in one call; the ledger holds the figures of all legs of a resumed run."""

    run_id: str
    source: str
    state: str
    """`done`, `partial`, `failed`, `locked` (another process crawls it) or `interrupted`."""
    read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    issues: int = 0
    """Number of issues that were not stored before; in a dry run of all."""
    pages: int = 0
    bytes: int = 0
    seconds: float = 0.0
    error: str | None = None


def config_hash(source: Source, settings: Mapping[str, Any]) -> str:
    """SHA-256 of what shapes a run: its source file and the settings that the caller replaced.

    The settings of the project are named by the version of the code, the model by its own version: where its
    file lies differs between machines and says nothing.
    """
    replaced = {name: value for name, value in settings.items() if name != "DSI_MODEL" and value is not None}
    shaped = {"source": source.model_dump(mode="json"), "settings": replaced}
    return hashlib.sha256(json.dumps(shaped, sort_keys=True, default=str).encode()).hexdigest()


def crawl(
    sources: list[Source],
    *,
    db: "Database[dict[str, Any]] | None",
    since: datetime | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    trigger: str = "manual",
    parallel: int = 8,
    settings: dict[str, Any] | None = None,
) -> list[RunSummary]:
    """Crawl sources and tell what became of each, in the order given. May be called again in one process.

    Args:
        sources: what to crawl.
        db: database; none only in a dry run.
        since: ask only for what changed after this moment, where the protocol can.
        limit: stop each source after this many records.
        dry_run: write nothing, print the items as JSON lines.
        trigger: recorded in the run: `manual`, `due`, `cluster`, `demo`.
        parallel: host groups at the same time.
        settings: Scrapy settings that replace those of `crawler.settings`.

    Raises:
        ConfigurationError: a source names an unknown protocol or wrong parameters; nothing was crawled.
        KeyboardInterrupt: Ctrl-C or SIGTERM; every run was left so that the same command resumes it.
    """
    project = Settings()
    project.setmodule("crawler.settings")
    project.update(settings or {}, priority="cmdline")
    modules = tuple(project.getlist("SPIDER_MODULES"))
    classes = {source.id: spider_class(source, modules) for source in sources}
    loop = _event_loop(project)
    hashes = {source.id: config_hash(source, settings or {}) for source in sources}
    options = {"since": since, "limit": limit, "dry_run": dry_run or db is None}

    async def main() -> tuple[list[RunSummary], bool]:
        owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        runtime = Runtime(db=None if dry_run else db, owner=owner, trigger=trigger)
        runtime.private_hosts = {source.host for source in sources if source.allow_private}
        GuardedResolver.allowed.clear()
        GuardedResolver.allowed.update(runtime.private_hosts)
        runner = AsyncCrawlerRunner(project)
        groups: dict[str, list[Source]] = {}
        for source in sources:
            groups.setdefault(source.host, []).append(source)
        free = asyncio.Semaphore(parallel)

        async def group(members: list[Source]) -> list[RunSummary]:
            async with free:
                return [
                    await _run_source(
                        runner, runtime, source, classes[source.id],
                        {**options, "config_hash": hashes[source.id]},
                    )
                    for source in members
                ]  # fmt: skip

        with _stop_on_signal(loop, runner, runtime):
            found = await asyncio.gather(*(group(members) for members in groups.values()))
        by_id = {summary.source: summary for part in found for summary in part}
        return [by_id[source.id] for source in sources], runtime.stopping.is_set()

    with _thread_pool(project):
        summaries, interrupted = loop.run_until_complete(main())
    if interrupted:
        raise KeyboardInterrupt
    return summaries


async def _run_source(
    runner: AsyncCrawlerRunner, runtime: Runtime, source: Source, spider: Any, options: dict[str, Any]
) -> RunSummary:
    """Lease, run record, crawl, release."""
    run_id = uuid.uuid4().hex
    if runtime.stopping.is_set():
        return RunSummary(run_id=run_id, source=source.id, state="interrupted")
    context = RunContext(run_id=run_id, **options)
    run = Run(runtime=runtime, source=source, context=context, started=time.monotonic())
    held = False
    try:
        if runtime.db is not None:
            held = await asyncio.to_thread(_open_run, run)
            if not held:
                return RunSummary(run_id=run_id, source=source.id, state="locked", error=run.error)
        crawler = runner.create_crawler(spider)
        attach(crawler, run)
        await runner.crawl(crawler, context=context)
    except Exception as error:  # noqa: BLE001 (one source must not end the others; it is in the summary and the ledger)
        run.state, run.error = "failed", f"{type(error).__name__}: {error}"
        if held:
            await asyncio.to_thread(_fail_run, run)
    finally:
        if held:
            await asyncio.to_thread(_release, run)
    return RunSummary(
        run_id=context.run_id, source=source.id, state=run.state, read=context.read, outcomes=context.outcomes,
        issues=run.issues, pages=run.pages, bytes=run.bytes, seconds=time.monotonic() - run.started, error=run.error,
    )  # fmt: skip


def _open_run(run: Run) -> bool:
    """Take the lease and open or resume the run record; false where another process holds the source."""
    from storage import runs, signals
    from storage import sources as registry
    from storage.errors import LeaseHeldError

    db, source, context, now = run.db, run.source, run.context, datetime.now(UTC)
    try:
        registry.acquire(db, source.id, run.runtime.owner, now, LEASE_SECONDS)
    except LeaseHeldError as error:
        run.error = str(error)
        return False
    state = registry.state(db, source.id) or {}
    context.validators = {
        row["url"]: {name: row[name] for name in ("etag", "last_modified") if name in row}
        for row in state.get("validators") or ()
    }
    context.checkpoint = state.get("checkpoint")
    # The lease is ours, so a run that is still open belongs to a process that died or was stopped.
    former = runs.interrupted(db, source.id, now)
    runs.mark_lost(db, source.id, now, keep=former["_id"] if former else None)
    if former:
        context.run_id = former["_id"]
        context.done = frozenset(signals.done(db, source.id, context.run_id))
        context.earlier = {name: former[name] for name in FIGURES if former.get(name)}
    runs.start(
        db, context.run_id, source.id, now, owner=run.runtime.owner, trigger=run.runtime.trigger,
        code_version=__version__, config_hash=context.config_hash, since=context.since, limit=context.limit,
    )  # fmt: skip
    return True


def _fail_run(run: Run) -> None:
    from storage import runs
    from storage.errors import LeaseHeldError

    with suppress(LeaseHeldError):  # the run is another's by now: there is nothing of ours to end
        runs.finish(
            run.db, run.context.run_id, "failed", datetime.now(UTC), owner=run.runtime.owner, error=run.error
        )


def _release(run: Run) -> None:
    from storage import sources as registry

    registry.release(run.db, run.source.id, run.runtime.owner)


_LOOP: list[asyncio.AbstractEventLoop] = []


def _event_loop(settings: Settings) -> asyncio.AbstractEventLoop:
    """The event loop that Twisted's reactor runs on, set up once: a reactor that was stopped cannot start again."""
    if not _LOOP:
        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
        configure_logging(settings)
        from twisted.internet import reactor

        running: Any = reactor
        running.startRunning(installSignalHandlers=False)
        process = type("Process", (), {"settings": settings})()
        resolver = build_from_crawler(load_object(settings["TWISTED_DNS_RESOLVER"]), process, reactor=reactor)
        resolver.install_on_reactor()
        _LOOP.append(running._asyncioEventloop)
        atexit.register(_LOOP[0].close)
    return _LOOP[0]


@contextmanager
def _thread_pool(settings: Settings) -> Iterator[None]:
    """Give the reactor threads for DNS for the length of a crawl: left running they would keep the process alive."""
    from twisted.internet import reactor
    from twisted.python.threadpool import ThreadPool

    running: Any = reactor
    pool = ThreadPool(0, settings.getint("REACTOR_THREADPOOL_MAXSIZE"), "dsi-dns")
    former = running.threadpool
    if former is not None and former.started:
        former.stop()
    pool.start()
    running.threadpool = pool
    try:
        yield
    finally:
        pool.stop()


@contextmanager
def _stop_on_signal(
    loop: asyncio.AbstractEventLoop, runner: AsyncCrawlerRunner, runtime: Runtime
) -> Iterator[None]:
    """First Ctrl-C or SIGTERM: finish what is in flight and stop; the second one ends the process at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    tasks: list[asyncio.Task[None]] = []

    def stop() -> None:
        runtime.stopping.set()
        for number in numbers:
            loop.remove_signal_handler(number)
        tasks.append(asyncio.ensure_future(runner.stop()))

    for number in numbers:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
