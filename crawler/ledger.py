"""The ledger of a run: opened before the first request, kept alive, closed with counts, state and checks."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy import Spider, signals

from crawler.identity import plain
from crawler.runtime import Run, run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["Ledger", "check_assertions", "final_state"]

ENDED_WELL = frozenset({"finished", "limit"})
LEASE_SECONDS = 120


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


class Ledger:
    """Extension: one run record per run; all writing happens in threads."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self._beat: asyncio.Task[None] | None = None
        self._pause = crawler.settings.getfloat("DSI_HEARTBEAT")
        self._errors = 0
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Ledger":
        """Build the extension; part of Scrapy's contract."""
        return cls(crawler)

    async def spider_opened(self, spider: Spider) -> None:
        """Start the heartbeat."""
        run = run_of(self.crawler)
        run.started = time.monotonic()
        if run.runtime.db is not None and not run.context.dry_run:
            self._beat = asyncio.ensure_future(self._heartbeat(run))

    async def _heartbeat(self, run: Run) -> None:
        from storage import runs, sources
        from storage.errors import StorageError

        db = run.db
        while True:
            await asyncio.sleep(self._pause)
            now = datetime.now(UTC)
            try:
                await self._write_issues(run)
                await asyncio.to_thread(runs.heartbeat, db, run.context.run_id, now)
                await asyncio.to_thread(
                    sources.renew, db, run.source.id, run.runtime.owner, now, LEASE_SECONDS
                )
            except StorageError as error:  # lease lost or database gone: stop writing
                run.error = str(error)
                asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="lease-lost"))  # noqa: RUF006
                return

    async def _write_issues(self, run: Run) -> None:
        from storage import issues

        found, run.context.issues = run.context.issues, []
        run.issues += len(found)
        self._errors += sum(issue.level == "error" for issue in found)
        if found and run.runtime.db is not None and not run.context.dry_run:
            rows = [plain(issue) for issue in found]
            await asyncio.to_thread(issues.add, run.db, run.context.run_id, run.source.id, rows)

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Check, count, decide the state and write it; an interrupted run stays open, so that it is resumed."""
        from storage.errors import StorageError

        run = run_of(self.crawler)
        if self._beat is not None:
            self._beat.cancel()
        context = run.context
        if run.runtime.stopping.is_set() or reason == "shutdown":
            run.state = "interrupted"
            await self._write_issues(run)
            if run.runtime.db is not None and not context.dry_run:
                await asyncio.to_thread(self._leave_open, run)
            return
        check_assertions(run)
        errors = self._errors + sum(issue.level == "error" for issue in context.issues)
        run.state = final_state(
            reason, read=context.read, pages=run.pages, errors=errors, not_modified=context.not_modified,
            failed=run.error is not None,
        )  # fmt: skip
        if run.state == "failed" and run.error is None:
            first = next(
                (i for i in context.issues if i.level == "error"),
                context.issues[0] if context.issues else None,
            )
            run.error = f"{first.code}: {first.message} [{first.url}]" if first else f"ended by {reason}"
        if run.runtime.db is None or context.dry_run:
            run.issues += len(context.issues)
            return
        listed = (run.state == "done" and context.complete) or context.gone
        try:
            if listed and context.limit is None and context.since is None:
                await self._count_absences(run)
            await self._expire(run, lists_all=spider.lists_all())  # type: ignore[attr-defined]
            await self._write_issues(run)
            await asyncio.to_thread(self._finish, run, reason)
        except StorageError as error:  # the run stays open in the ledger, so the next one resumes it
            run.state, run.error = "failed", run.error or str(error)

    async def _count_absences(self, run: Run) -> None:
        from storage import signals as store
        from storage import sources

        db, context, lifecycle = run.db, run.context, run.source.lifecycle
        before = (await asyncio.to_thread(sources.state, db, run.source.id)).get("shrunk_runs") or 0
        believed = before + 1 >= lifecycle.shrunk_runs  # the board really is empty or gone
        absence = await asyncio.to_thread(
            store.mark_absent, db, run.source.id, context.run_id, datetime.now(UTC),
            lifecycle.missing_runs, 1.0 if believed else lifecycle.max_shrink,
        )  # fmt: skip
        await asyncio.to_thread(sources.save, db, run.source.id, shrunk_runs=before + 1 if absence.shrunk else 0)
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

    @staticmethod
    def _leave_open(run: Run) -> None:
        from storage import runs

        # An old sign of life: the run counts as interrupted at once, also for this very process.
        runs.heartbeat(run.db, run.context.run_id, datetime.now(UTC) - timedelta(hours=1))

    def _finish(self, run: Run, reason: str) -> None:
        from storage import runs, sources

        db, context, now = run.db, run.context, datetime.now(UTC)
        if run.state == "done" and context.limit is None:
            rows = [
                {"url": url, **pair} for url, pair in context.validators.items()
            ]  # addresses hold dots: no keys
            values: dict[str, Any] = {"validators": rows, "last_success_at": run.opened}
            if context.checkpoint is not None:
                values["checkpoint"] = context.checkpoint
            sources.save(db, run.source.id, **values)
        sources.save(db, run.source.id, last_run_at=run.opened, last_run=context.run_id, health=run.state)
        stats = self.crawler.stats.get_stats()
        prefix = "downloader/response_status_count/"
        runs.finish(
            db, context.run_id, run.state, now, error=run.error, read=context.read, counts=dict(context.outcomes),
            issues=run.issues, pages=run.pages, bytes=run.bytes, reason=reason,
            http={key.removeprefix(prefix): n for key, n in stats.items() if key.startswith(prefix)},
            seconds=time.monotonic() - run.started, extra=dict(context.extra),
        )  # fmt: skip
