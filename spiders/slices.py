"""Base of the searches that show only the first so many results: asked in slices, one after another."""

from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.errors import SourceResponseError
from crawler.items import Issue, Signal
from crawler.outcomes import describe
from spiders.board import Board

__all__ = ["SlicedBoard"]

GIVE_UP = 5
"""So many queries in a row that fail are a service that is down: it is left in peace."""


class SlicedBoard(Board):
    """A board that is asked one query after another; complete when each was read to its end.

    A query that fails or repeats itself is recorded, and the next one is asked.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slice = 0
        self._short = False
        self._failures = 0
        self._understood = False

    def slices(self) -> int:
        """Number of queries."""
        return 1

    def list_request(self, url: str, start: int, number: int, **kwargs: Any) -> Request:
        """Build a request whose failure leads to the next query."""
        return super().list_request(url, start, number, errback=self.query_failed, **kwargs)

    def parse_list(self, response: Response, start: int, number: int) -> Iterator[Signal | Issue | Request]:
        """Read a page; one that is refused, unreadable or a repetition leads to the next query."""
        self._understood = False
        try:
            yield from super().parse_list(response, start, number)
        except SourceResponseError as error:
            yield self.issue(error.code, str(error), level="error", url=error.url or response.url)
        if not self._understood:
            self.next_page(response)
            yield from self._after_failure()

    def query_failed(self, failure: Failure) -> Iterator[Request]:
        """Record why a query got no answer, and ask the next.

        The issue goes to the run itself: what an errback yields need not pass Scrapy's spider middlewares.
        """
        error: Any = failure.value
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        level, code, message = describe(error)
        self.context.issue(level, "fetch", code, message, url=request.url)
        if isinstance(error, HttpError):
            self.next_page(error.response)
        yield from self._after_failure()

    def onward(
        self, answer: Any, response: Response, received: int, start: int, number: int
    ) -> Iterator[Issue | Request]:
        """Ask for the next page of the query, or the first of the next."""
        self._understood, self._failures = True, 0
        following = list(super().onward(answer, response, received, start, number))
        yield from following
        if any(isinstance(part, Request) for part in following):
            return
        self._short = self._short or (not self.context.complete and bool(following))
        last = self.slice + 1 >= self.slices()
        self.context.complete = self.context.complete and last and not self._short
        if not last:
            self.next_page(response)
            yield self._next_query()

    def _next_query(self) -> Request:
        self.slice += 1
        self._listed.clear()  # an advert may answer two queries
        return self.page(0, 1)

    def _after_failure(self) -> Iterator[Request]:
        """Ask the next query, unless too many failed one after another; the listing lacks what this one holds."""
        self._short, self._failures = True, self._failures + 1
        self.context.complete = False
        left = self.slices() - self.slice - 1
        if left and self._failures < GIVE_UP:
            yield self._next_query()
        elif left:
            message = f"{GIVE_UP} queries in a row failed: the {left} after them were not asked"
            self.context.issue("error", "fetch", "queries-left-out", message, url=self.source.url)
