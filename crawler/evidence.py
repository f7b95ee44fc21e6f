"""Spider middleware: ties items to the raw response they came from, diverts issues, counts, keeps the limit."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.base import BaseSpiderMiddleware

from crawler.errors import SourceResponseError
from crawler.items import Issue, Signal
from crawler.outcomes import with_errback
from crawler.runtime import run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["EvidenceMiddleware", "raw_response"]

HEADERS = ("Content-Type", "Content-Language", "Date", "ETag", "Last-Modified", "Link", "Location")
"""Headers that say what the body is and when it was made; cookies and the like are not kept."""


def raw_response(response: Response, now: datetime) -> dict[str, Any]:
    """What is kept of a response: `_id` is the SHA-256 of its body."""
    headers = {name: value.decode("latin-1") for name in HEADERS if (value := response.headers.get(name))}
    return {
        "_id": hashlib.sha256(response.body).hexdigest(),
        "url": response.url,
        "status": response.status,
        "headers": headers,
        "fetched_at": now,
        "body": response.body,
    }


class EvidenceMiddleware(BaseSpiderMiddleware):
    """Stands next to the spider and sees everything it yields."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._closing: asyncio.Task[None] | None = None

    def process_spider_output(  # type: ignore[override]  # Scrapy passes no spider since 2.13
        self, response: Response | None, result: Iterable[Any]
    ) -> Iterable[Any]:
        """Handle the output of a plain callback."""
        key = self._hold(response)
        try:
            for output in result:
                if (kept := self._take(output, key)) is not None:
                    yield kept
        except SourceResponseError as error:
            self._refused(error, response)
        finally:
            self._done(key)

    async def process_spider_output_async(  # type: ignore[override]
        self, response: Response | None, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Handle the output of an asynchronous callback."""
        key = self._hold(response)
        try:
            async for output in result:
                if (kept := self._take(output, key)) is not None:
                    yield kept
        except SourceResponseError as error:
            self._refused(error, response)
        finally:
            self._done(key)

    def get_processed_request(self, request: Request, response: Response | None) -> Request:
        """See to it that a failed request ends in a recorded outcome."""
        return with_errback(request, self.crawler)

    def get_processed_item(self, item: Any, response: Response | None) -> Any:
        """Handle an item yielded by `start`, which has no response."""
        return self._take(item, None)

    def _hold(self, response: Response | None) -> str | None:
        if not isinstance(response, Response):
            return None  # the output of an errback comes with the failure
        record = raw_response(response, datetime.now(UTC))
        run_of(self.crawler).evidence.hold(record)
        return str(record["_id"])

    def _refused(self, error: SourceResponseError, response: Response | None) -> None:
        """Record an answer that is none of its protocol: an issue, not a fault to log with its stack."""
        url = error.url or getattr(response, "url", None)
        run_of(self.crawler).context.issue("error", "parse", error.code, str(error), url=url)

    def _done(self, key: str | None) -> None:
        if key:
            run_of(self.crawler).evidence.release(key)

    def _take(self, output: Any, key: str | None) -> Any:
        run = run_of(self.crawler)
        context = run.context
        if isinstance(output, Request):
            return self.get_processed_request(output, None)
        if isinstance(output, Issue):
            context.issues.append(output)
            return None
        if not isinstance(output, Signal):
            return output
        if context.limit is not None and context.read >= context.limit:
            return None
        context.read += 1
        if context.limit is not None and context.read >= context.limit and self._closing is None:
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="limit"))
        if key and key not in output.evidence and (record := run.evidence.get(key)):
            run.evidence.hold(record)
            output.evidence = [*output.evidence, key]
        return output
