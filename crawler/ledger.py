"""The ledger of a run: opened before the first request, kept alive, closed with counts, state and checks."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy import Spider, signals

from crawler.context import summed
from crawler.identity import plain
from crawler.items import Issue
from crawler.pipelines.classify import ClassifyPipeline, shared_classifier
from crawler.runtime import Run, abandon, run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["Ledger", "cause", "check_assertions", "final_state", "status_classes"]

ENDED_WELL = frozenset({"finished", "limit"})
LEASE_SECONDS = 120
STATUS_COUNT = "downloader/response_status_count/"
"""Prefix of Scrapy's statistics of answers per HTTP status."""


def check_assertions(run: Run) -> None:
    """Record an issue for each way in which the run differs from what its source file calls normal."""
    context, wanted = run.context, run.source.assertions
    if context.limit is not None or context.not_modified or context.since is not None or context.done:
        return  # a part of the records says nothing about the whole
    if context.read < wanted.min_items:
        message = f"{context.read} items where at least {wanted.min_items} are normal (assertions.min_items)"
        context.issue("warning", "assert", "few-items", message)
    for name, share in wanted.fill.items():
        got = context.filled[name] / context.read if context.read else 1.0
        if got < share:
            message = (
                f"{name} is filled in {got:.0%} of the items where {share:.0%} is normal (assertions.fill)"
            )
            context.issue("warning", "assert", "low-fill", message)


def final_state(reason: str, *, read: int, pages: int, errors: int, not_modified: bool, failed: bool) -> str:
    """State of a run: `done`, `partial` (something was lost or a bound ended it) or `failed` (nothing came)."""
    if failed:
        return "failed"
    if reason in ENDED_WELL and pages and not errors:
        return "done"
    return "partial" if read or not_modified else "failed"


def cause(known: Issue | None, issues: list[Issue]) -> Issue | None:
    """The issue that explains why a run failed: its first error, else its first issue, that of `known` before all."""
    if known is not None and known.level == "error":
        return known
    return next((issue for issue in issues if issue.level == "error"), known or next(iter(issues), None))


def status_classes(statistics: Mapping[str, Any]) -> dict[str, int]:
    """Number of answers per class of HTTP status (`2xx`, `4xx`), from Scrapy's statistics."""
    classes: Counter[str] = Counter()
    for name, number in statistics.items():
        if name.startswith(STATUS_COUNT):
            classes[f"{name.removeprefix(STATUS_COUNT)[0]}xx"] += number
    return dict(classes)


class Ledger:
    """Extension: one run record per run; all writing happens in threads.

    Before anything is written the lease is renewed: once another process holds the source, the run is that
    process's to record, and nothing more is written here.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self._beat: asyncio.Task[None] | None = None
        self._pause = crawler.settings.getfloat("DSI_HEARTBEAT")
        self._closing = asyncio.Event()
        self._errors = 0
        self._cause: Issue | None = None
        self._facts: dict[str, Any] = {}
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Ledger":
        """Build the extension; part of Scrapy's contract."""
        return cls(crawler)

    async def spider_opened(self, spider: Spider) -> None:
        """Start the heartbeat; its first sign of life names the model, which the classify step has loaded by now."""
        run = run_of(self.crawler)
        run.started = time.monotonic()
        if self.crawler.get_item_pipeline(ClassifyPipeline) is not None:
            self._facts["model_version"] = shared_classifier(self.crawler.settings.get("DSI_MODEL")).version
        if run.runtime.db is not None and not run.context.dry_run:
            self._beat = asyncio.ensure_future(self._heartbeat(run))

    async def _heartbeat(self, run: Run) -> None:
        from storage.errors import LeaseHeldError, StorageError

        while not self._closing.is_set():
            try:
                await self._renew(run)
                await self._write_issues(run)
                await asyncio.to_thread(self._save_figures, run, datetime.now(UTC))
            except LeaseHeldError as error:
                run.lost, run.error = True, run.error or str(error)
                asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="lease-lost"))  # noqa: RUF006
                return
            except Exception as error:  # noqa: BLE001 (without heartbeat the lease is lost: the run ends, and says why)
                abandon(self.crawler, str(error) if isinstance(error, StorageError) else repr(error))
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self._pause)

    @staticmethod
    async def _renew(run: Run) -> None:
        from storage import sources

        now = datetime.now(UTC)
        await asyncio.to_thread(sources.renew, run.db, run.source.id, run.runtime.owner, now, LEASE_SECONDS)

    async def _write_issues(self, run: Run) -> None:
        from storage import issues

        found, run.context.issues = run.context.issues, []
        rows = [plain(issue) for issue in found]
        try:
            stored = await asyncio.to_thread(issues.add, run.db, run.context.run_id, run.source.id, rows)
        except Exception:
            run.context.issues = found + run.context.issues  # for the next attempt
            raise
        run.issues += stored
        self._errors += sum(issue.level == "error" for issue in found)
        self._cause = cause(self._cause, found)

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Check, count, decide the state and write it; an interrupted run stays open, so that it is resumed."""
        run = run_of(self.crawler)
        if self._beat is not None:
            self._closing.set()
            await asyncio.wait([self._beat])  # a sign of life that is on its way must not undo what follows
        interrupted = run.runtime.stopping.is_set() or reason == "shutdown"
        if interrupted:
            run.state = "interrupted"
        else:
            self._decide(run, reason)
        if run.runtime.db is None or run.context.dry_run:
            run.issues += len(run.context.issues)
            return
        try:
            await self._renew(run)
            if interrupted:
                await self._write_issues(run)
                # An old sign of life: the run counts as interrupted at once, also for this very process.
                await asyncio.to_thread(self._save_figures, run, datetime.now(UTC) - timedelta(hours=1))
                return
            await self._count_absences(run)
            await self._expire(run, lists_all=spider.lists_all())  # type: ignore[attr-defined]
            await self._write_issues(run)
            await asyncio.to_thread(self._finish, run, reason)
        except Exception as error:  # noqa: BLE001 (the run stays open in the ledger, so the next one resumes it)
            run.state, run.error = "failed", run.error or str(error)

    def _decide(self, run: Run, reason: str) -> None:
        """Hold the run against its source file, and decide its state and what explains a failure."""
        check_assertions(run)
        context = run.context
        if context.not_modified:
            context.extra["not_modified"] = True
        errors = self._errors + sum(issue.level == "error" for issue in context.issues)
        run.state = final_state(
            reason, read=context.read + context.earlier.get("read", 0), pages=run.pages, errors=errors,
            not_modified=context.not_modified, failed=run.error is not None,
        )  # fmt: skip
        if run.state == "failed" and run.error is None:
            first = cause(self._cause, context.issues)
            run.error = f"{first.code}: {first.message} [{first.url}]" if first else f"ended by {reason}"

    async def _count_absences(self, run: Run) -> None:
        from storage import signals as store
        from storage import sources

        db, context, lifecycle = run.db, run.context, run.source.lifecycle
        listed = (run.state == "done" and context.complete) or context.gone
        if not listed or context.limit is not None or context.since is not None:
            return
        before = (await asyncio.to_thread(sources.state, db, run.source.id)).get("shrunk_runs") or 0
        believed = before + 1 >= lifecycle.shrunk_runs  # the board really is empty or gone
        absence = await asyncio.to_thread(
            store.mark_absent, db, run.source.id, context.run_id, datetime.now(UTC),
            lifecycle.missing_runs, 1.0 if believed else lifecycle.max_shrink,
        )  # fmt: skip
        await asyncio.to_thread(
            sources.save, db, run.source.id, shrunk_runs=before + 1 if absence.shrunk else 0
        )
        context.extra["removed"], context.extra["missing"] = absence.removed, absence.missing
        if absence.shrunk:
            message = (
                f"the listing lost more than {lifecycle.max_shrink:.0%} at once; nothing was marked removed, time "
                f"{before + 1} of {lifecycle.shrunk_runs} (lifecycle.max_shrink, lifecycle.shrunk_runs)"
            )
            context.issue("warning", "assert", "implausible-shrink", message)

    @staticmethod
    async def _expire(run: Run, *, lists_all: bool) -> None:
        """Close what is over, forget what must not be kept; absence needs a complete listing, a date does not."""
        from storage.forget import forget
        from storage.lifecycle import expire

        context, lifecycle, now = run.context, run.source.lifecycle, datetime.now(UTC)
        # Only a run that asked for all there is, and was answered, tells what is not seen any more.
        whole = run.state == "done" and context.limit is None and context.since is None
        unlisted = whole and not context.not_modified and not lists_all
        lifetime = timedelta(days=lifecycle.lifetime_days)
        over = await asyncio.to_thread(
            expire, run.db, run.source.id, context.run_id, now, lifetime if unlisted else None
        )
        if lifecycle.forget:
            over["forgotten"] = await asyncio.to_thread(forget, run.db, run.source.id, now, lifetime)
        context.extra |= {reason: number for reason, number in over.items() if number}

    def _figures(self, run: Run) -> dict[str, Any]:
        """Figures of all legs of the run so far, and the facts known since it was opened."""
        context = run.context
        leg = {
            "read": context.read, "counts": dict(context.outcomes), "issues": run.issues, "pages": run.pages,
            "bytes": run.bytes, "http": status_classes(self.crawler.stats.get_stats()),
            "seconds": time.monotonic() - run.started,
        }  # fmt: skip
        return self._facts | summed(context.earlier, leg)

    def _save_figures(self, run: Run, sign: datetime) -> None:
        from storage import runs

        runs.heartbeat(run.db, run.context.run_id, sign, owner=run.runtime.owner, **self._figures(run))

    def _finish(self, run: Run, reason: str) -> None:
        from storage import runs, sources

        db, context = run.db, run.context
        # The run first: if another process took it over, the source's state is that process's to save.
        runs.finish(
            db, context.run_id, run.state, datetime.now(UTC), owner=run.runtime.owner, error=run.error,
            reason=reason, extra=dict(context.extra), **self._figures(run),
        )  # fmt: skip
        values: dict[str, Any] = {"last_run_at": run.opened, "last_run": context.run_id, "health": run.state}
        if run.state == "done" and context.limit is None:
            rows = [
                {"url": url, **pair} for url, pair in context.validators.items()
            ]  # addresses hold dots: no keys
            values |= {"validators": rows, "last_success_at": run.opened}
            # A run that the operator narrowed did not ask for what lies before: the next one must.
            if context.checkpoint is not None and context.since is None:
                values["checkpoint"] = context.checkpoint
        sources.save(db, run.source.id, **values)
