"""Base of the searches that show only the first so many results: asked in slices, one after another."""

from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.items import Issue
from spiders.board import Board

__all__ = ["SlicedBoard"]


class SlicedBoard(Board):
    """A board that is asked one query after another; complete when the last one was read to its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slice = 0
        self._short = False

    def slices(self) -> int:
        """Number of queries."""
        return 1

    def onward(
        self, answer: Any, response: Response, received: int, start: int, number: int
    ) -> Iterator[Issue | Request]:
        """Ask for the next page of the query, or the first of the next."""
        following = list(super().onward(answer, response, received, start, number))
        yield from following
        if any(isinstance(part, Request) for part in following):
            return
        self._short = self._short or (not self.context.complete and bool(following))
        if self.slice + 1 < self.slices():
            self.slice += 1
            self._listed.clear()  # an advert may answer two queries
            self.context.complete = False
            self.next_page(response)
            yield self.page(0, 1)
        elif self._short:
            self.context.complete = False
