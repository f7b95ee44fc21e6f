"""Feeds of adverts: RSS, RDF, Atom, and the XML and JSON that job boards hand to partners; with a field map.

Partner dialects differ in names only; `DEFAULTS` knows those of RSS, Atom and the widespread Indeed dialect.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response

from crawler.items import Issue, Organisation, Signal
from crawler.normalise.text import plain_text
from spiders.formats.answers import as_dict, as_list, as_text
from spiders.formats.jobparts import employment_types, full_text, location_mode, place_of, with_sector
from spiders.formats.recordfields import item_values, lookup
from spiders.records import Records, RecordsParams

__all__ = ["JobFeed"]

DEFAULTS: dict[str, tuple[str, ...]] = {
    "native_id": ("guid", "id", "referencenumber", "reference", "job_id", "uid"),
    "title": ("title", "position", "name", "jobtitle"),
    "html": ("encoded", "content", "description", "summary", "body"),
    "url": ("link.href", "link", "url", "apply_url", "href"),
    "published_raw": ("pubDate", "published", "date", "publication_date", "posted_at", "created_at"),
    "updated_raw": ("updated", "lastUpdate", "updated_at", "modified"),
    "closes_raw": ("expirationdate", "expiration_date", "deadline", "validThrough", "closing_date"),
    "language_declared": ("language", "lang"),
    "organisation.name": (
        "company", "company_name", "company_title", "employer", "organisation", "organization", "publisher",
        "startup", "author",
    ),
    "place.raw": ("location", "place", "cities.city", "city", "address.city"),
    "place.country": ("country", "country_code", "address.country"),
    "place.lat": ("latitude", "address.latitude"),
    "place.lon": ("longitude", "address.longitude"),
    "employment_type": ("jobtypes.jobtype", "jobtype", "job_type", "job_time", "contract", "employment_type"),
    "money.raw": ("salary",),
    "keywords": ("category", "tags", "keywords"),
}  # fmt: skip
"""Source paths that are tried for a field which the source file does not map."""
ELEMENTS = ("item", "entry", "job", "offer", "offre", "position", "vacancy", "stelle", "annonce")
"""Names of the element that holds an advert, tried in this order."""


class JobFeedParams(RecordsParams):
    """Parameters of a feed of adverts."""

    kind: str = "job_advert"
    """Kind of signal that a record is."""
    texts: list[str] = []
    """Paths of the parts of the text, in their order; default: the description."""
    title_pattern: str | None = None
    """Regular expression with the groups `title`, `employer`, `place` over a title that holds them all."""
    page: str | None = None
    """Address of an advert where the feed gives none, with names of its fields in braces."""
    employer: str | None = None
    """Name of the employer where the feed names none."""


class JobFeed(Records):
    """A feed; absence is removal only where the source file says that the feed is complete."""

    name = protocol = "jobfeed"
    complete_listing = False
    Params = JobFeedParams

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for the feed, with the validators of the last answer."""
        meta = {"handle_httpstatus_list": [304]}
        yield self.request(self.source.url, self.parse_page, conditional=True, meta=meta)

    def parse_page(self, response: Response) -> Iterator[Signal | Issue]:
        """Read the feed, or note that nothing changed."""
        if response.status == 304:
            self.context.not_modified = True
            return
        yield from super().parse_page(response)
        self.remember_validators(response)

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read all adverts; one that could not be recognised again is an issue."""
        empty = True
        for found in super().read(response):
            empty = False
            if isinstance(found, Issue) or found.native_id or found.url:
                yield found
            else:
                message = "an advert needs an identifier or an address; check params.fields"
                yield self.issue("bad-record", message, level="error", url=response.url, record=found.title)
        if empty:
            message = "the feed holds no adverts; check the address and params.items_path if it should"
            yield self.issue("empty-feed", message, url=response.url)

    def items_path(self, body: bytes) -> str | None:
        """The stated path, else the first of the usual elements."""
        if self.params.items_path or not body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            return super().items_path(body)
        found = (name for name in ELEMENTS if re.search(rf"<(?:\w+:)?{name}[\s>]".encode(), body))
        return next(found, "item" if re.search(rb"<(?:rss|feed|rdf:RDF)\b", body[:2000]) else None)

    def values(
        self, record: dict[str, Any], table: dict[str, str], allowed: frozenset[str]
    ) -> dict[str, Any]:
        """Fill an advert: the text of its parts, the contract in schema.org's words, all of its places."""
        values = item_values(record, table, allowed, DEFAULTS)
        values["title"] = " ".join(plain_text(values.get("title")).split())
        values.update(self._from_title(values["title"]))
        parts = [part for path in self.params.texts for part in as_list(lookup(record, path))]
        values["html"] = full_text(parts) or full_text(values.get("html") or values.pop("text", None))
        values["employment_type"] = employment_types(values.get("employment_type"))
        values["location_mode"] = location_mode(values.get("location_mode"))
        if "positions" in values:
            values["positions"] = int(values["positions"]) if str(values["positions"]).isdigit() else None
        if values.get("money"):
            values["money"].kind = "salary"
        organisation = values.setdefault("organisation", Organisation())
        publisher = self.source.publisher.name if self.source.publisher else None
        organisation.name = organisation.name or self.params.employer or publisher
        values["organisation"] = with_sector(organisation, self.source) if organisation.name else None
        path = table.get("place.raw") or "cities.city"
        further = as_list(lookup(record, path))[1:]
        values["places"] = [place for part in further if (place := place_of(raw=part))]
        if self.params.page and not values.get("url"):
            texts = {name: quote(text) for name, part in record.items() if (text := as_text(part))}
            values["url"] = self.params.page.format_map(defaultdict(str, texts))
        return {name: value for name, value in values.items() if value is not None}

    def _from_title(self, title: str) -> dict[str, Any]:
        """Parts of a title such as `Company: Role`, by the source's pattern."""
        match = re.search(self.params.title_pattern, title) if self.params.title_pattern else None
        groups = as_dict(match.groupdict() if match else None)
        found: dict[str, Any] = {"title": as_text(groups.get("title")) or title}
        if employer := as_text(groups.get("employer")):
            found["organisation"] = Organisation(name=employer)
        if place := place_of(raw=groups.get("place")):
            found["place"] = place
        return found
