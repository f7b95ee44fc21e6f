"""EU Funding & Tenders Portal search (SEDIA).

The search service takes its filters as file parts of a multipart form, each with its own content type
application/json; with any other body it ignores them silently and answers with millions of hits.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import FundingCall, Issue, Money, Organisation, Signal
from crawler.normalise.dates import parse_date
from spiders.base import ProtocolParams, SourceSpider
from spiders.formats.answers import as_list, as_text, json_answer

__all__ = ["Sedia", "multipart"]

BOUNDARY = "dsi-sedia-form"
UNFILTERED = 100_000
"""More hits than this: the filter was not applied."""
LANDING = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities/topic-details/"
PROGRAMMES = {
    "43108390": "Horizon Europe", "43152860": "Digital Europe", "43251589": "CERV", "43251814": "Creative Europe",
    "43353764": "Erasmus+", "43254019": "ESF+", "43252476": "SMP", "43252405": "LIFE", "43637601": "Pilot projects",
}  # fmt: skip
STATUS = {"31094501": "forthcoming", "31094502": "open", "31094503": "closed"}


class SediaParams(ProtocolParams):
    """Parameters of the search."""

    types: list[str] = ["1", "2", "8"]
    """1 topic, 2 grant without topic page, 8 competitive call of a funded project."""
    status: list[str] = ["31094501", "31094502"]
    """31094501 forthcoming, 31094502 open, 31094503 closed."""
    languages: list[str] = ["en"]
    """Language editions asked for."""
    page_size: int = 100
    """Records per request."""


def multipart(parts: dict[str, Any], boundary: str = BOUNDARY) -> bytes:
    """Encode parts as form-data with a file name and the content type application/json (RFC 7578)."""
    lines = []
    for name, value in parts.items():
        lines += [
            f"--{boundary}",
            f'Content-Disposition: form-data; name="{name}"; filename="blob"',
            "Content-Type: application/json",
            "",
            json.dumps(value),
        ]
    return "\r\n".join([*lines, f"--{boundary}--", ""]).encode()


class Sedia(SourceSpider):
    """Open and forthcoming calls; the source's address is the search service."""

    name = protocol = "sedia"
    complete_listing = True
    Params = SediaParams

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for the first page."""
        self._seen: set[str] = set()
        yield self._page(1, (), 0)

    def _page(self, number: int, previous: tuple[Any, ...], received: int) -> Request:
        must = [{"terms": {"type": self.params.types}}, {"terms": {"status": self.params.status}}]
        body = multipart({
            "query": {"bool": {"must": must}},
            "sort": {"field": "startDate", "order": "DESC"},
            "languages": self.params.languages,
        })  # fmt: skip
        query = urlencode(
            {"apiKey": "SEDIA", "text": "***", "pageSize": self.params.page_size, "pageNumber": number}
        )
        return self.request(
            urlunsplit((*urlsplit(self.source.url)[:3], query, "")),
            self.parse_results,
            method="POST",
            body=body,
            headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
            cb_kwargs={"number": number, "previous": previous, "received": received},
            dont_filter=True,
        )

    def parse_results(
        self, response: Response, number: int, previous: tuple[Any, ...], received: int
    ) -> Iterator[Signal | Issue | Request]:
        """Read one page and ask for the next: onward by what was received, as the service may cap the page size."""
        results, total = _results(response)
        mark = tuple(r.get("reference") if isinstance(r, dict) else None for r in results)
        if mark and mark == previous:
            yield self.issue(
                "page-loop", f"page {number} is the page before it: stopped", level="error", url=response.url
            )
            return
        for item in self.read(response):
            if isinstance(item, Signal):
                if item.native_id in self._seen:
                    continue
                self._seen.add(item.native_id or "")
            yield item
        received += len(results)
        if results and received < total:
            self.next_page(response)
            yield self._page(number + 1, mark, received)
        elif results or total == 0:
            self.listing_complete()
        else:
            yield self.issue(
                "short-listing", f"{total} records stated, page {number} is empty", url=response.url
            )

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read the calls of one page, one per identifier whatever the number of language editions."""
        seen: set[str] = set()
        results, _ = _results(response)
        order = {language: place for place, language in enumerate(self.params.languages)}
        results = sorted(
            results, key=lambda r: order.get(r.get("language"), 99) if isinstance(r, dict) else 99
        )
        for record in results:
            item = self._call(record, response.url)
            if isinstance(item, Signal):
                if item.native_id in seen:
                    continue
                seen.add(item.native_id or "")
            yield item

    def _call(self, record: Any, url: str) -> Signal | Issue:
        meta = record.get("metadata") if isinstance(record, dict) else None
        if not isinstance(meta, dict):
            return self.issue(
                "bad-record", "a result needs `metadata`", level="error", url=url, record=record
            )

        def one(key: str) -> str | None:
            return as_text(meta.get(key))

        identifier, kind = one("identifier") or as_text(record.get("reference")), one("type") or "1"
        title = (
            one("title") or as_text(record.get("title")) or as_text(record.get("summary")) or one("callTitle")
        )
        if not identifier or not title:
            return self.issue(
                "bad-record", "a call needs identifier and title", level="error", url=url, record=record
            )
        stated = [text for part in as_list(meta.get("deadlineDate")) if (text := as_text(part))]
        deadlines = sorted({moment for text in stated if (moment := parse_date(text))})
        programme = one("frameworkProgramme")
        money, grants = _budget(one("budgetOverview"), identifier)
        if money is None and one("budget"):
            money = Money(raw=one("budget"), kind="envelope")
        landing = one("esST_URL") if kind == "8" else f"{LANDING}{identifier.lower()}"
        return self.signal(  # type: ignore[no-any-return]
            FundingCall,
            native_id=f"{identifier}:{kind}",
            url=landing or as_text(record.get("url")),
            title=title,
            html=one("descriptionByte") or as_text(record.get("content")),
            language_declared=as_text(record.get("language")) or one("language"),
            keywords=[
                t for key in ("keywords", "tags") for part in as_list(meta.get(key)) if (t := as_text(part))
            ],
            opens_raw=one("startDate"),
            closes_raw=stated[0] if stated else None,
            deadlines=deadlines,
            deadline_model=one("deadlineModel"),
            organisation=Organisation(name="European Commission", sector="public"),
            programme=PROGRAMMES.get(programme or "", programme),
            status_raw=STATUS.get(one("status") or "", one("status")),
            identifiers=[identifier],
            money=money,
            expected_grants=grants,
        )


def _results(response: Response) -> tuple[list[Any], int]:
    answer = json_answer(response)
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise SourceResponseError("not-sedia", "expected an object with `results`", response.url)
    total = answer.get("totalResults")
    total = total if isinstance(total, int) else len(answer["results"])
    if total > UNFILTERED:
        raise SourceResponseError(
            "unfiltered-answer", f"{total} hits: the filter was not applied", response.url
        )
    return answer["results"], total


def _budget(overview: str | None, identifier: str) -> tuple[Money | None, int | None]:
    """Envelope and number of grants of one topic: the map lists all topics of the call, some of them twice."""
    try:
        table = json.loads(overview or "{}")
    except ValueError:
        return None, None
    topics = table.get("budgetTopicActionMap") if isinstance(table, dict) else None
    actions: dict[str, dict[str, Any]] = {}
    for entries in topics.values() if isinstance(topics, dict) else ():
        for entry in as_list(entries):
            if isinstance(entry, dict) and str(entry.get("action", "")).startswith(f"{identifier} - "):
                actions.setdefault(json.dumps(entry, sort_keys=True), entry)
    total, grants = 0.0, 0
    for entry in actions.values():
        years = entry.get("budgetYearMap")
        for value in years.values() if isinstance(years, dict) else ():
            try:
                total += float(str(value).replace(" ", "").replace(",", ""))
            except ValueError:
                continue
        grants += entry["expectedGrants"] if isinstance(entry.get("expectedGrants"), int) else 0
    money = (
        Money(raw=f"{total:.0f} EUR", amount=total, currency="EUR", kind="envelope") if total > 0 else None
    )
    return money, grants or None
