"""Swedish public employment service: JobStream (all adverts, then changes with removals) and JobSearch.

Documentation: jobtechdev.se. Dates carry no zone. Keys of the source system of 2018 are read too.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

from scrapy import Request
from scrapy.http import Response

from crawler.items import Issue, JobAdvert, Occupation, Organisation, Signal
from spiders.board import Board, BoardParams, Paths, with_query
from spiders.formats.answers import as_text
from spiders.formats.jobparts import number, place_of
from spiders.formats.recordfields import lookup

__all__ = ["JobTech"]

OVERLAP = timedelta(hours=3)
"""The service's clock is local: asking for a little more costs nothing."""
SEARCH_END = 2000
"""JobSearch shows no more than this many results before a page."""


class JobTechParams(BoardParams):
    """Parameters of the Swedish service."""

    service: Literal["stream", "search"] = "stream"
    """`stream`: all adverts, and after that what changed; `search`: the results of the address's query."""


class JobTech(Board):
    """`https://jobstream.api.jobtechdev.se` or `https://jobsearch.api.jobtechdev.se/search?q=…`."""

    name = protocol = "jobtech"
    ONE_EMPLOYER = False
    Params = JobTechParams
    TOTAL = "total.value"
    PAGE_SIZE = 100
    QUERY: ClassVar[dict[str, str]] = {"offset": "{start}", "limit": "{size}"}
    MARKS = ("id", "headline")
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id", "annonsId"),
        "title": ("headline", "annonsrubrik"),
        "html": ("description.text_formatted", "description.text", "annonstextFormaterad", "annonstext"),
        "published_raw": ("publication_date", "publiceringsdatum"),
        "updated_raw": ("timestamp", "updatedAt"),
        "closes_raw": ("application_deadline", "last_publication_date", "sistaAnsokningsdatum"),
        "organisation.name": ("employer.name", "employer.workplace", "arbetsgivareNamn", "arbetsplatsNamn"),
        "requisition_id": ("external_id",),
    }

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for what changed since the last run, or for everything."""
        if self.params.service == "search":
            yield self.page(0, 1)
            return
        base = self.source.url.rstrip("/").removesuffix("/stream").removesuffix("/snapshot")
        since, began = self.context.since or self.context.checkpoint, datetime.now(UTC)
        moment = (since - OVERLAP).strftime("%Y-%m-%dT%H:%M:%S") if since else None
        url = with_query(f"{base}/stream", {"date": moment}) if moment else f"{base}/snapshot"
        yield self.request(url, self.parse_stream, cb_kwargs={"began": began, "whole": since is None})

    def parse_stream(self, response: Response, began: datetime, whole: bool) -> Iterator[Signal | Issue]:
        """Read all adverts, or the changes; only the former can tell what is absent."""
        for part in self.read(response):
            if whole or getattr(part, "code", None) != "empty-board":  # nothing changed is no empty board
                yield part
        self.context.checkpoint = began
        if whole:
            self.listing_complete()
        else:
            self.context.extra["changes_only"] = True

    def has_more(self, answer: Any, received: int, held: int) -> bool:
        """The search ends after its two thousandth result."""
        return super().has_more(answer, received, held) and held <= SEARCH_END

    def records(self, answer: Any, response: Response) -> list[Any]:
        """Adverts of a stream, of a search, or of the search engine behind it."""
        for path in ("hits.hits", "hits", "testannonser"):
            found = lookup(answer, path) if isinstance(answer, dict) else None
            if isinstance(found, list):
                return [part.get("_source", part) if isinstance(part, dict) else part for part in found]
        return super().records(answer, response)

    def adverts(self, record: Any, answer: Any, url: str) -> Iterator[Signal | Issue]:
        """A removed advert is little more than its number."""
        withdrawn = isinstance(record, dict) and (
            record.get("removed") is True or record.get("avpublicerad") is True
        )
        if withdrawn and as_text(record.get("id")):
            yield self.signal(JobAdvert, native_id=as_text(record["id"]), removed=True)
            return
        yield from super().adverts(record, answer, url)

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Address, place, kind of work, number of posts, the employer's number if it is no person's."""
        public = f"https://arbetsformedlingen.se/platsbanken/annonser/{as_text(record.get('id'))}"
        posts = number(record.get("number_of_vacancies") or record.get("antalPlatser"))
        name = next((n for p in self.FIELDS["organisation.name"] if (n := as_text(lookup(record, p)))), None)
        code = as_text(lookup(record, "employer.organization_number") or record.get("organisationsnummer"))
        words = ("occupation.label", "occupation_field.label", "yrkesroll.namn")
        return {
            "url": as_text(record.get("webpage_url")) or public,
            "places": [_place(record)],
            "organisation": Organisation(name=name, id=_organisation_id(code)) if name else None,
            "occupation": _occupation(record),
            "positions": int(posts) if posts else None,
            "employment_type": [
                lookup(record, path)
                for path in ("working_hours_type.label", "arbetstidTyp.namn", "employment_type.label")
            ],
            "keywords": [word for path in words if (word := as_text(lookup(record, path)))],
        }


def _place(record: dict[str, Any]) -> Any:
    new, old = record.get("workplace_address"), record.get("arbetsplatsadress")
    if isinstance(new, dict):
        lon, lat = [*(new.get("coordinates") or ()), None, None][:2]
        town = new.get("municipality") or new.get("city")
        return place_of(town, new.get("region"), new.get("country"), lat=lat, lon=lon)
    if isinstance(old, dict):
        town, region = lookup(old, "kommun.namn") or old.get("postort"), lookup(old, "lan.namn")
        return place_of(
            town, region, old.get("land") or "SE", lat=old.get("latitud"), lon=old.get("longitud")
        )
    return None


def _occupation(record: dict[str, Any]) -> Occupation | None:
    """The four digits of SSYK 2012 (its first levels are those of ISCO-08)."""
    code = as_text(lookup(record, "occupation_group.legacy_ams_taxonomy_id"))
    label = as_text(lookup(record, "occupation_group.label"))
    return Occupation(scheme="SSYK", code=code, label=label) if code else None


def _organisation_id(code: str | None) -> str | None:
    """Number of a legal person; a sole trader's is a birth date (third digit 0 or 1) and left out."""
    digits = "".join(c for c in code or "" if c.isdigit())
    return f"SE-BLV-{digits}" if len(digits) == 10 and digits[2] >= "2" else None
