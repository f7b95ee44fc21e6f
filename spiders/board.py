"""Base of the boards that list adverts in JSON: whole or in pages, complete or with an answer per advert.

A protocol is a table of paths (`FIELDS`) and, for what no path can say, the method `more`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import fields as item_fields
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import Issue, JobAdvert, Organisation, Signal
from spiders.base import ProtocolParams, SourceSpider
from spiders.formats.answers import as_text, json_answer
from spiders.formats.jobparts import employment_types, full_text, location_mode, with_sector
from spiders.formats.recordfields import item_values, lookup

__all__ = ["Board", "BoardParams", "Paths", "with_query"]

Paths = dict[str, tuple[str, ...]]
"""Item field -> paths, of which the first filled one counts."""
ALLOWED = frozenset(f.name for f in item_fields(JobAdvert)) - {"source", "family"}
GONE = [404, 410]


class BoardParams(ProtocolParams):
    """Parameters of a board."""

    employer: str | None = None
    """Name of the employer; default: what the answer says, else the publisher of the source."""


class Board(SourceSpider):
    """A board: the source's address is the one its list is read from."""

    complete_listing = True
    Params = BoardParams

    LIST: ClassVar[str] = ""
    """Path of the list in the answer; empty: the answer is the list."""
    ONE: ClassVar[str] = ""
    """Path of the advert in an answer of its own; empty: such an answer is the advert itself."""
    TOTAL: ClassVar[str] = ""
    """Path of the stated number of adverts; empty: none is stated."""
    QUERY: ClassVar[dict[str, str]] = {}
    """Query of a page: `{start}` records come before it, it is the `{number}`th, of `{size}` records."""
    PAGE_SIZE: ClassVar[int] = 0
    """Records asked for at once; 0: one answer holds all."""
    FIELDS: ClassVar[Paths] = {}
    """Item field -> paths, of which the first filled one counts."""
    MARKS: ClassVar[tuple[str, ...]] = ()
    """Keys by which an answer that is one advert is recognised."""
    ONE_EMPLOYER: ClassVar[bool] = True
    """All adverts are of the publisher of the source; services and aggregators say no."""
    SLUG: ClassVar[str] = ""
    """Pattern whose group is the employer's short name in an advert's address: the last resort."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: set[str] = set()

    # requests

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for the list, or its first page."""
        yield self.page(0, 1)

    def page(self, start: int, number: int) -> Request:
        """Build the request of a page; `start` records were received before it."""
        words = {"start": start, "number": number, "size": self.PAGE_SIZE}
        query = {name: value.format(**words) for name, value in self.QUERY.items()}
        return self.list_request(with_query(self.source.url, query), start, number)

    def list_request(self, url: str, start: int, number: int, **kwargs: Any) -> Request:
        """Build a request whose answer `parse_list` reads; a board that is gone is told apart there."""
        arguments = {"start": start, "number": number}
        meta = {"handle_httpstatus_list": GONE}
        return self.request(url, self.parse_list, cb_kwargs=arguments, meta=meta, **kwargs)

    def detail(self, advert: Signal) -> Request | None:
        """Build the request of an advert's own answer; none where the list says all."""
        return None

    # answers

    def parse_list(self, response: Response, start: int, number: int) -> Iterator[Signal | Issue | Request]:
        """Read a page and go on by what was received, as services cap the page size silently."""
        if response.status in GONE:
            # a service that serves many employers has moved; only an employer's own board can be closed
            self.context.gone = start == 0 and self.ONE_EMPLOYER and self.lists_all()
            yield self.unknown_board(response)
            return
        answer = self.decode(response)
        records = self.records(answer, response)
        marks = {json.dumps(self.identity(record), default=str) for record in records}
        if records and start and marks <= self._listed:
            yield from self.repeated(response, start)
            return
        self._listed |= marks
        for found in self.read_answer(answer, response) if records or not start else ():
            request = self.detail(found) if isinstance(found, Signal) else None
            if request is None:
                yield found
            elif not (found.url and self.is_done(found.url)):
                yield request
        yield from self.onward(answer, response, len(records), start, number)

    def repeated(self, response: Response, start: int) -> Iterator[Issue]:
        """End a listing whose page holds nothing but adverts of earlier ones: it may lack others."""
        message = f"the page after {start} adverts holds only adverts listed before: stopped"
        yield self.issue("page-loop", message, level="error", url=response.url)

    def onward(
        self, answer: Any, response: Response, received: int, start: int, number: int
    ) -> Iterator[Issue | Request]:
        """Ask for the next page, or say that the listing is complete."""
        total, held = self.total(answer), start + received
        if total is not None:
            self.context.extra["stated_total"] = total
        if self.PAGE_SIZE and self.has_more(answer, received, held):
            self.next_page(response)
            yield self.page(held, number + 1)
        elif total is None or held >= total:
            self.listing_complete()
        elif self.PAGE_SIZE:
            message = f"{total} adverts stated, {held} received: absence is not counted"
            yield self.issue("short-listing", message, url=response.url)

    def has_more(self, answer: Any, received: int, held: int) -> bool:
        """Whether a page follows: by the stated total, else a page that is not full is the last."""
        total = self.total(answer)
        return received > 0 and (held < total if total is not None else received >= self.PAGE_SIZE)

    def parse_detail(self, response: Response, native_id: str) -> Iterator[Signal | Issue]:
        """Read an advert's own answer; one that is gone was withdrawn since the list was written."""
        if response.status in GONE:
            yield self.signal(JobAdvert, native_id=native_id, removed=True)
            return
        yield from self.read(response)

    def detail_request(self, url: str, advert: Signal) -> Request:
        """Build a request whose answer `parse_detail` reads."""
        meta, arguments = {"handle_httpstatus_list": GONE}, {"native_id": advert.native_id}
        return self.request(url, self.parse_detail, cb_kwargs=arguments, meta=meta)

    def unknown_board(self, response: Response) -> Issue:
        """The issue of a board that does not exist; the answer may be JSON, text or a page."""
        said = " ".join(response.body[:80].decode("utf-8", errors="replace").split())
        message = f"HTTP {response.status} ({said}): no such board; check the employer's name in the address"
        return self.issue("unknown-board", message, level="error", url=response.url)

    # records

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read the adverts of a list, or the one of an answer of its own."""
        yield from self.read_answer(self.decode(response), response)

    def decode(self, response: Response) -> Any:
        """The answer as plain values.

        Raises:
            SourceResponseError: it is not written as the protocol promises.
        """
        return json_answer(response)

    def read_answer(self, answer: Any, response: Response) -> Iterator[Signal | Issue]:
        """Read the adverts of a decoded answer."""
        records, total = self.records(answer, response), self.total(answer)
        if not records:
            message = "the board lists nothing; an unknown employer may look the same: check the address"
            yield self.issue("empty-board", message, url=response.url)
        elif total is not None and total != len(records) and not self.PAGE_SIZE:
            message = f"the answer states {total} adverts and holds {len(records)}"
            yield self.issue("total-differs", message, url=response.url)
        for record in records:
            yield from self.adverts(record, answer, response.url)

    def records(self, answer: Any, response: Response) -> list[Any]:
        """The records of an answer.

        Raises:
            SourceResponseError: `unknown-board` or `not-<protocol>`.
        """
        found = lookup(answer, self.LIST) if self.LIST else answer
        if isinstance(found, list):
            return found
        one = lookup(answer, self.ONE) if self.ONE else answer
        if isinstance(one, dict) and self.MARKS and all(mark in one for mark in self.MARKS):
            return [one]
        if isinstance(answer, dict) and (answer.get("error") or answer.get("errors")):
            said = as_text(answer.get("error") or answer["errors"], "message", "title", "detail")
            message = f"{said}; check the employer's name in the address"
            raise SourceResponseError("unknown-board", message, response.url)
        expected = f"a list at `{self.LIST}`" if self.LIST else "a list"
        raise SourceResponseError(f"not-{self.protocol}", f"expected {expected} of adverts", response.url)

    def total(self, answer: Any) -> int | None:
        """Number of adverts that the answer states."""
        stated = lookup(answer, self.TOTAL) if self.TOTAL else None
        return stated if isinstance(stated, int) and not isinstance(stated, bool) else None

    def identity(self, record: Any) -> Any:
        """What tells a record from another, to find pages that repeat themselves."""
        paths = self.FIELDS.get("native_id", ())
        return next((found for path in paths if (found := lookup(record, path))), record)

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Values that no path of `FIELDS` can say; empty ones are left out. `url` is that of the answer."""
        return {}

    def adverts(self, record: Any, answer: Any, url: str) -> Iterator[Signal | Issue]:
        """Turn one record into its advert, or an issue."""
        if not isinstance(record, dict):
            message = "an advert is no object"
            yield self.issue("bad-record", message, level="error", url=url, record=str(record)[:500])
            return
        values = item_values(record, {}, ALLOWED, self.FIELDS)
        values.update({k: v for k, v in self.more(record, answer, url).items() if v not in (None, "", [])})
        if not values.get("native_id") or not values.get("title"):
            message = "an advert needs an identifier and a title"
            yield self.issue("bad-record", message, level="error", url=url, record=record)
            return
        yield self.complete(values)

    def complete(self, values: dict[str, Any]) -> Signal:
        """Build the advert: words in schema.org's spelling, markup unescaped, the employer named."""
        values["html"] = full_text(values.get("html"))
        values["employment_type"] = employment_types(values.get("employment_type"))
        values["location_mode"] = location_mode(values.get("location_mode"))
        employer = values.get("organisation") or Organisation()
        publisher = self.source.publisher.name if self.source.publisher and self.ONE_EMPLOYER else None
        slug = re.search(self.SLUG, values.get("url") or "") if self.SLUG else None
        employer.name = (
            self.params.employer or employer.name or publisher or (unquote(slug[1]) if slug else None)
        )
        employer = with_sector(employer, self.source, only=self.ONE_EMPLOYER)
        values["organisation"] = employer if employer.name else None
        places = [place for place in (values.pop("place", None), *values.get("places", ())) if place]
        unique = list({place.raw: place for place in reversed(places)}.values())[::-1]
        values["place"], values["places"] = (unique[0] if unique else None), unique[1:]
        if values.get("money"):
            values["money"].kind = "salary"
        return self.signal(JobAdvert, **values)  # type: ignore[no-any-return]


def with_query(url: str, query: dict[str, str]) -> str:
    """The address with these keys of its query set."""
    parts = urlsplit(url)
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in query]
    return urlunsplit(parts._replace(query=urlencode([*pairs, *query.items()])))
