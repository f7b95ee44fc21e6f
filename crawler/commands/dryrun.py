"""A crawl that stores nothing: items on standard output, everything that went wrong on standard error."""

import sys
from typing import TYPE_CHECKING, Any

from scrapy import signals

from crawler.runner import RunSummary, crawl
from crawler.runtime import run_of
from crawler.settings import EXTENSIONS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.sources import Source

__all__ = ["IssuesOnStderr", "dry_run"]


class IssuesOnStderr:
    """Extension: prints the issues of a run that has no ledger to write them to."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        # not `spider_closed`: there the ledger still adds what differs from a normal run
        crawler.signals.connect(self.engine_stopped, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "IssuesOnStderr":
        """Build the extension; part of Scrapy's contract."""
        return cls(crawler)

    def engine_stopped(self) -> None:
        """Print one line per issue, with source and address."""
        run = run_of(self.crawler)
        for issue in run.context.issues:
            address = f" [{issue.url}]" if issue.url else ""
            sys.stderr.write(f"{run.source.id}: {issue.level}: {issue.code}: {issue.message}{address}\n")


def dry_run(sources: "list[Source]", *, settings: dict[str, Any], **options: Any) -> list[RunSummary]:
    """Crawl sources without a database and tell on standard error what went wrong.

    Args:
        sources: what to crawl.
        settings: Scrapy settings that replace those of `crawler.settings`.
        options: further arguments of `crawler.runner.crawl`.

    Raises:
        ConfigurationError: a source names an unknown protocol or wrong parameters; nothing was crawled.
    """
    name = f"{IssuesOnStderr.__module__}.{IssuesOnStderr.__name__}"
    own = {**settings, "EXTENSIONS": {**EXTENSIONS, name: 300}}
    summaries = crawl(sources, db=None, dry_run=True, settings=own, **options)
    for summary in summaries:
        if summary.error:
            sys.stderr.write(f"dsi: {summary.source}: {summary.error}\n")
    return summaries
