"""Norwegian adverts: the event feed of NAV (github.com/navikt/pam-stilling-feed) and what it points to.

The feed is a log: an advert stands in it once for each change. It is walked to its end first, and only the
last entry of an advert counts. Contact persons are not read. An entry that became inactive is a removal.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, ClassVar
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import Issue, JobAdvert, Occupation, Organisation, Signal
from crawler.normalise.dates import parse_date
from spiders.board import Board, BoardParams, Paths
from spiders.formats.answers import as_dict, as_list, as_text
from spiders.formats.jobparts import full_text, number, place_of
from spiders.formats.recordfields import lookup

__all__ = ["Nav"]

LIFETIME = timedelta(days=183)
"""An advert is active for six months at most: nothing older needs to be asked for."""
TOKEN = re.compile(r"[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}")
ENTRY = "/api/v1/feedentry/"
"""Path of an advert's own answer, where an entry does not name it."""
CLOSES = ("applicationDue", "properties.applicationdue", "expires")
"""Paths of the closing date; the first two may hold a word such as "Snarest" (as soon as possible)."""


class NavParams(BoardParams):
    """Parameters of the feed."""

    token_env: str = "DSI_NAV_TOKEN"  # noqa: S105  the name of a variable
    """Environment variable that holds a token; without it the public one is asked for."""


class Nav(Board):
    """The feed: the source's address is `https://pam-stilling-feed.nav.no/api/v1/feed`."""

    name = protocol = "nav"
    ONE_EMPLOYER = False
    complete_listing = False
    Params = NavParams
    MARKS = ("uuid",)
    FIELDS: ClassVar[Paths] = {
        "native_id": ("uuid", "_feed_entry.uuid", "id"),
        "title": ("title", "_feed_entry.title"),
        "url": ("link", "sourceurl"),
        "published_raw": ("published",),
        "updated_raw": ("updated", "_feed_entry.sistEndret", "date_modified"),
        "requisition_id": ("reference",),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last: dict[str, tuple[str, bool, datetime | None]] = {}
        """Number of an advert -> address of its answer, whether it is active, when that was said."""

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for the public token, or the first page with the operator's own."""
        token = os.environ.get(self.params.token_env)
        if token:
            yield self._first(token)
        else:
            yield self.request(urljoin(self.source.url, "/api/publicToken"), self.parse_token)

    def parse_token(self, response: Response) -> Iterator[Request | Issue]:
        """Find the token in the text."""
        found = TOKEN.search(response.body.decode("utf-8", errors="replace"))
        if found:
            yield self._first(found[0])
        else:
            message = f"no public token; ask NAV for one and set {self.params.token_env}"
            yield self.issue("no-token", message, level="error", url=response.url)

    def _first(self, token: str) -> Request:
        asked = self.context.since or self.context.checkpoint
        if asked:
            self.context.extra["changes_only"] = True
        since = asked or datetime.now(UTC) - LIFETIME
        headers = {"If-Modified-Since": format_datetime(since.astimezone(UTC), usegmt=True)}
        return self._feed(self.source.url, token, headers, datetime.now(UTC))

    def _feed(self, url: str, token: str, headers: dict[str, str], began: datetime) -> Request:
        headers = {**headers, "Authorization": f"Bearer {token}"}
        arguments = {"token": token, "began": began}
        meta = {"handle_httpstatus_list": [304, *range(400, 600)]}
        return self.request(url, self.parse_feed, headers=headers, cb_kwargs=arguments, meta=meta)

    def parse_feed(
        self, response: Response, token: str, began: datetime
    ) -> Iterator[Signal | Issue | Request]:
        """Note the last entry of each advert, follow the feed to its end, then act on what was noted.

        A page that cannot be read ends the walk: what the pages before it said is used, and the next run
        starts where this one did.
        """
        if response.status == 304:
            self.context.not_modified, self.context.checkpoint = True, began
            return
        try:
            answer = self.decode(response)
            records = self.records(answer, response)
        except SourceResponseError as error:
            yield self.issue(error.code, str(error), level="error", url=response.url)
            yield from self._settled(token)
            return
        for record in records:
            if not self._noted(as_dict(record), response.url):
                yield from self.adverts(record, answer, response.url)  # says what it lacks
        following = answer.get("next_url") if isinstance(answer, dict) else None
        # a trial run of a few adverts does not walk half a year
        enough = self.context.limit is not None and len(self._last) >= self.context.limit
        if following and not enough:
            self.next_page(response)
            yield self._feed(urljoin(response.url, following), token, {}, began)
            return
        if not following:
            self.context.checkpoint = began
        yield from self._settled(token)

    def _noted(self, entry: dict[str, Any], url: str) -> bool:
        """Keep what an entry says unless a later one was read; false for an entry without a number."""
        key = as_text(lookup(entry, "_feed_entry.uuid") or entry.get("uuid") or entry.get("id"))
        if key is None:
            return False
        status = as_text(lookup(entry, "_feed_entry.status") or entry.get("status"))
        moment = parse_date(entry.get("date_modified") or lookup(entry, "_feed_entry.sistEndret"))
        known = self._last.get(key)
        if not (known and known[2] and moment and known[2] > moment):
            address = urljoin(url, as_text(entry.get("url")) or f"{ENTRY}{key}")
            self._last[key] = (address, status in (None, "ACTIVE"), moment)
        return True

    def _settled(self, token: str) -> Iterator[Signal | Request]:
        """Name the adverts that were withdrawn, then ask for each of the others once."""
        for key, (_, active, _) in self._last.items():
            if not active:
                yield self.signal(JobAdvert, native_id=key, removed=True)
        for key, (address, active, _) in self._last.items():
            if active:
                request = self.detail_request(address, self.signal(JobAdvert, native_id=key))
                request.headers["Authorization"] = f"Bearer {token}"
                yield request

    def decode(self, response: Response) -> Any:
        """The answer as plain values; one that the server refused is none."""
        if response.status >= 400:
            message = f"the server answered {response.status}"
            raise SourceResponseError(f"http-{response.status}", message, response.url)
        return super().decode(response)

    def records(self, answer: Any, response: Response) -> list[Any]:
        """Entries of the feed, an advert's own answer, or adverts as the database behind them writes them."""
        for path in ("items", "content"):
            if isinstance(answer, dict) and isinstance(answer.get(path), list):
                return list(answer[path])
        inner = next(
            (answer.get(k) for k in ("ad_content", "json") if isinstance(answer, dict) and answer.get(k)),
            None,
        )
        if isinstance(inner, dict):
            return [{**answer, **inner}]
        return super().records(answer, response)

    def adverts(self, record: Any, answer: Any, url: str) -> Iterator[Signal | Issue]:
        """An inactive advert is a removal."""
        table = as_dict(record)
        status = as_text(lookup(table, "_feed_entry.status") or table.get("status"))
        key = as_text(lookup(table, "_feed_entry.uuid") or table.get("uuid") or table.get("id"))
        stripped = not (table.get("published") and table.get("title"))
        if status and status != "ACTIVE" and key and stripped:
            yield self.signal(JobAdvert, native_id=key, removed=True)
            return
        for found in super().adverts(record, answer, url):
            if isinstance(found, Signal):
                found.removed = bool(status) and status != "ACTIVE"
            yield found

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Text, places, kind of work; keys of the feed first, those of the database behind it after."""
        own = as_dict(record.get("properties"))
        uuid = as_text(record.get("uuid") or lookup(record, "_feed_entry.uuid"))
        places = as_list(record.get("workLocations") or record.get("locationList"))
        posts = number(record.get("positioncount") or own.get("positioncount"))
        words = as_list(record.get("occupationCategories"))
        return {
            "url": as_text(record.get("link") or record.get("sourceurl"))
            or (f"https://arbeidsplassen.nav.no/stillinger/stilling/{uuid}" if uuid else None),
            "html": full_text(record.get("description") or own.get("adtext")),
            "closes_raw": next(
                (t for p in CLOSES if (t := as_text(lookup(record, p))) and parse_date(t)), None
            ),
            "organisation": _employer(record, own),
            "places": [
                place_of(
                    p.get("city") or p.get("municipal"),
                    p.get("county"),
                    p.get("country"),
                    lat=p.get("latitude"),
                    lon=p.get("longitude"),
                )
                for p in places
                if isinstance(p, dict)
            ],
            "occupation": _occupation(record),
            "positions": int(posts) if posts else None,
            "employment_type": [
                part.get(key) for part in (record, own) for key in ("engagementtype", "extent")
            ],
            "keywords": [word for part in words if (word := as_text(part, "level2", "level1"))],
        }


def _employer(record: dict[str, Any], own: dict[str, Any]) -> Organisation | None:
    employer = as_dict(record.get("employer"))
    name = (
        as_text(own.get("employer")) or as_text(employer.get("name")) or as_text(record.get("businessName"))
    )
    name = name or as_text(lookup(record, "_feed_entry.businessName"))
    code, site = (
        as_text(employer.get("orgnr")),
        as_text(employer.get("homepage") or own.get("employerhomepage")),
    )
    public = (as_text(record.get("sector") or own.get("sector")) or "").casefold() == "offentlig"
    sector = ("public", "source:sector Offentlig") if public else (None, None)
    return (
        Organisation(
            name=name,
            id=f"NO-BRC-{code}" if code else None,
            url=site,
            sector=sector[0],
            sector_rule=sector[1],
        )
        if name
        else None
    )


def _occupation(record: dict[str, Any]) -> Occupation | None:
    """ESCO where it is given, else STYRK-08, whose four digits before the point are those of ISCO-08."""
    parts = [p for p in as_list(record.get("categoryList")) if isinstance(p, dict) and as_text(p.get("code"))]
    parts.sort(key=lambda p: as_text(p.get("categoryType")) != "ESCO")
    for part in parts:
        kind = as_text(part.get("categoryType")) or ""
        scheme = "ESCO" if kind == "ESCO" else "STYRK08" if kind.startswith("STYRK08") else None
        if scheme:
            return Occupation(scheme=scheme, code=as_text(part["code"]), label=as_text(part.get("name")))
    return None
