"""Every request and every item ends in exactly one recorded outcome; what fails becomes an issue with its address."""

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.errors import SourceResponseError
from crawler.guard import GuardedResolver
from crawler.refusal import RefusedRequest
from crawler.runtime import run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["Outcomes", "QuietFormatter", "describe", "with_errback"]


def describe(error: BaseException) -> tuple[str, str, str]:
    """Level, code and message of the issue for an error of a request."""
    if isinstance(error, HttpError):
        return "error", f"http-{error.response.status}", f"the server answered {error.response.status}"
    if isinstance(error, RefusedRequest):
        return ("warning" if error.code == "robots-disallow" else "error"), error.code, str(error)
    if isinstance(error, SourceResponseError):
        return "error", error.code, str(error)
    text = str(error) or type(error).__name__
    if "redirection" in text:
        return "error", "redirect-limit", f"too many redirects: {text}"
    if isinstance(error, DownloadCancelledError) or "maxsize" in text or "exceeded" in text:
        return "error", "response-too-large", f"the answer is larger than `limits.max_bytes`: {text}"
    return "error", "request-failed", f"{type(error).__name__}: {text}"


def with_errback(request: Request, crawler: "Crawler") -> Request:
    """Give a request an errback that records the failure, unless the spider handles it itself."""
    if request.errback is None:

        def failed(failure: Failure) -> list[Any]:
            record_failure(crawler, failure, request.url)
            return []

        request.errback = failed
    return request


def record_failure(crawler: "Crawler", failure: Failure, url: str) -> None:
    """Turn a failed request into an issue; 304 is no failure but the news that nothing changed."""
    context = run_of(crawler).context
    error: Any = failure.value
    if isinstance(error, HttpError) and error.response.status == 304:
        context.not_modified = True
        return
    level, code, message = describe(error)
    host = (urlsplit(url).hostname or "").lower()
    if isinstance(error, CannotResolveHostError) and host in GuardedResolver.refused:
        code, message = "private-address", GuardedResolver.refused[host]
    context.issue(level, "fetch", code, message, url=url)


class Outcomes:
    """Extension: listens to what Scrapy reports about items, callbacks and dropped requests."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        connect = crawler.signals.connect
        connect(self.spider_error, signals.spider_error)
        connect(self.request_dropped, signals.request_dropped)
        connect(self.item_dropped, signals.item_dropped)
        connect(self.item_error, signals.item_error)
        connect(self.response_received, signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Outcomes":
        """Build the extension; part of Scrapy's contract."""
        return cls(crawler)

    def spider_error(self, failure: Failure, response: Any, spider: Spider) -> None:
        """Record a callback that raised: a fault of the protocol's class."""
        error: Any = failure.value
        message = f"{type(error).__name__}: {error} (fault of the protocol, report it)"
        run_of(self.crawler).context.issue(
            "error", "parse", "spider-exception", message, url=getattr(response, "url", None)
        )

    def request_dropped(self, request: Request, spider: Spider) -> None:
        """Record a redirect to an address that was asked before: Scrapy drops it without a word."""
        context = run_of(self.crawler).context
        if request.meta.get("redirect_times"):
            context.issue(
                "error", "fetch", "self-redirect", "redirected to an address asked before", url=request.url
            )
        else:
            context.extra["duplicate_requests"] = context.extra.get("duplicate_requests", 0) + 1

    def item_dropped(self, item: Any, response: Any, exception: Any, spider: Spider) -> None:
        """Count a rejected item; the step that rejected it has recorded why."""
        self._reject(item)

    def item_error(self, item: Any, response: Any, spider: Spider, failure: Failure) -> None:
        """Record an item that a step failed on."""
        message = f"{type(failure.value).__name__}: {failure.value} (fault of a pipeline step, report it)"
        run_of(self.crawler).context.issue(
            "error", "pipeline", "pipeline-exception", message, url=getattr(item, "url", None)
        )
        self._reject(item)

    def response_received(self, response: Response, request: Request, spider: Spider) -> None:
        """Count pages and bytes."""
        run = run_of(self.crawler)
        run.pages += "dsi_robots" not in request.meta
        run.bytes += len(response.body)

    def _reject(self, item: Any) -> None:
        run = run_of(self.crawler)
        run.context.outcomes["rejected"] += 1
        for key in getattr(item, "evidence", ()):
            run.evidence.release(key)


class QuietFormatter(LogFormatter):
    """Log lines without the items: what was dropped is in the issues, and may hold personal data."""

    def dropped(  # type: ignore[override]  # Scrapy accepts none: it logs nothing then
        self, item: Any, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult | None:
        """Say nothing: the issue says it."""
        return None

    def item_error(
        self, item: Any, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult:
        """Name the address of the item, not its content."""
        url = getattr(item, "url", None)
        return {"level": logging.ERROR, "msg": "Error processing %(url)s", "args": {"url": url}}
