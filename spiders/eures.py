"""EURES: the portal of the European employment services, its partners' search, and vacancies in HR-XML.

The portal's search is not documented; keys are those of the portal's own pages and of recorded answers.
HR-XML 3.2 (`PositionOpening`) gives the language, NUTS, ISCO and NACE.
"""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import Issue, Occupation, Organisation, Place, Signal
from spiders.board import BoardParams, Paths
from spiders.formats.answers import as_dict, as_list, as_text
from spiders.formats.hrxml import position_opening
from spiders.formats.jobparts import number, place_of, salary
from spiders.formats.recordfields import lookup
from spiders.slices import SlicedBoard

__all__ = ["Eures"]

SEARCH_END = 10_000
"""The portal shows no more results of one query."""
ISCO = "http://data.europa.eu/esco/isco/C"
VACANCY = "https://europa.eu/eures/portal/jv-se/jv-details/"


class EuresParams(BoardParams):
    """Parameters of a search."""

    countries: list[str] = []
    """Countries (ISO 3166-1, Greece as EL), each asked on its own; default: all at once."""
    keywords: list[str] = []
    """Search words, each asked on its own; default: none."""
    period: str | None = None
    """`LAST_DAY`, `LAST_THREE_DAYS`, `LAST_WEEK` or `LAST_MONTH`; default: all."""
    language: str = "en"
    """Language of the answer's labels."""


class Eures(SlicedBoard):
    """The search: `https://europa.eu/eures/api/jv-searchengine/public/jv-search/search`."""

    name = protocol = "eures"
    ONE_EMPLOYER = False
    complete_listing = False
    Params = EuresParams
    PAGE_SIZE = 50
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id", "jobVacancyHandle", "handle"),
        "title": ("title",),
        "html": ("description", "jobDescription"),
        "published_raw": ("creationDate", "audit.creationDate", "audit.creationTimestamp"),
        "updated_raw": ("lastModificationDate", "audit.modificationDate", "audit.modificationTimestamp"),
        "closes_raw": ("lastApplicationDate", "endDate"),
        "organisation.name": ("employer.name", "employerName"),
        "employment_type": ("positionScheduleCodes",),
    }

    def slices(self) -> int:
        """One query per country and search word."""
        return max(len(self.params.countries), 1) * max(len(self.params.keywords), 1)

    def page(self, start: int, number: int) -> Request:
        """Ask by POST; all keys must be there, also the empty ones."""
        words, countries = self.params.keywords or [None], self.params.countries or [None]
        word, country = words[self.slice % len(words)], countries[self.slice // len(words)]
        empty = (
            "occupationUris",
            "skillUris",
            "requiredExperienceCodes",
            "positionScheduleCodes",
            "sectorCodes",
            "educationAndQualificationLevelCodes",
            "positionOfferingCodes",
            "euresFlagCodes",
            "otherBenefitsCodes",
            "requiredLanguages",
        )
        body = {
            **{name: [] for name in empty},
            "resultsPerPage": self.PAGE_SIZE,
            "page": number,
            "minNumberPost": None,
            "sortSearch": "MOST_RECENT",
            "publicationPeriod": self.params.period,
            "sessionId": self.source.id,
            "keywords": [{"keyword": word, "specificSearchCode": "EVERYWHERE"}] if word else [],
            "locationCodes": [country.lower()] if country else [],
            "requestLanguage": self.params.language,
        }
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        options: dict[str, Any] = {"method": "POST", "body": json.dumps(body), "headers": headers}
        return self.list_request(self.source.url, start, number, **options)

    def has_more(self, answer: Any, received: int, held: int) -> bool:
        """The portal shows the first ten thousand results only: narrower queries reach the others."""
        return super().has_more(answer, received, held) and held < SEARCH_END

    def decode(self, response: Response) -> Any:
        """A vacancy in HR-XML may come by itself."""
        if b"PositionOpening" in response.body and response.body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(
            b"<"
        ):
            return {"jvs": [{"hrxml": response.body.decode("utf-8", errors="replace")}]}
        return super().decode(response)

    def total(self, answer: Any) -> int | None:
        """Number of vacancies; the partners' search has two names for it."""
        paths = (
            "numberRecords",
            "header.dataSetInfo.totalMatchingJobVacanciesCount",
            "data.dataSetInfo.totalMatchingCount",
        )
        return next((found for path in paths if isinstance(found := lookup(answer, path), int)), None)

    def records(self, answer: Any, response: Response) -> list[Any]:
        """Vacancies of the portal's search, or of the partners' search and answer."""
        found = lookup(answer, "jvs") if isinstance(answer, dict) else None
        if isinstance(found, list):
            return found
        items = lookup(answer, "data.items") if isinstance(answer, dict) else None
        if isinstance(items, list):
            return [_partner(part) if isinstance(part, dict) else part for part in items]
        return super().records(answer, response)

    def adverts(self, record: Any, answer: Any, url: str) -> Iterator[Signal | Issue]:
        """Read HR-XML where there is some, else the keys of the search."""
        document = record.get("hrxml") if isinstance(record, dict) else None
        if not document:
            yield from super().adverts(record, answer, url)
            return
        try:
            values = position_opening(document, url)
        except SourceResponseError as error:
            yield self.issue(error.code, str(error), level="error", url=url, record=record.get("handle"))
            return
        handle = as_text(record.get("handle"))
        values["native_id"] = handle or values["native_id"]
        values["url"] = _address(record, handle)
        for name in ("published_raw", "updated_raw"):
            paths = self.FIELDS[name]
            values[name] = next((t for p in paths if (t := as_text(lookup(record, p)))), None)
        if values["native_id"] and values.get("title"):
            yield self.complete(values)
        else:
            message = "a vacancy needs an identifier and a title"
            yield self.issue("bad-record", message, level="error", url=url, record=record)

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Address, places by country and NUTS code, occupation, number of posts, pay."""
        handle = as_text(record.get("id") or record.get("jobVacancyHandle"))
        posts = number(record.get("numberOfPosts") or record.get("posts"))
        figures = [
            record.get(k)
            for k in ("minimalSalary", "maximalSalary", "salaryCurrencyCode", "salaryPeriodCode")
        ]
        facets = [part for part in as_list(record.get("facets")) if isinstance(part, dict)]
        work = [
            as_text(f.get("facetDescription"))
            for f in facets
            if f.get("facetName") in ("CONTRACT_TYPE", "POSITION_SCHEDULE")
        ]
        name = next((n for p in self.FIELDS["organisation.name"] if (n := as_text(lookup(record, p)))), None)
        return {
            "url": _address(record, handle),
            "organisation": Organisation(name=name, url=as_text(lookup(record, "employer.website")))
            if name
            else None,
            "places": _places(record, facets),
            "occupation": _occupation(record, facets),
            "positions": int(posts) if posts else None,
            "money": salary(*figures) if any(figures[:2]) else None,
            "employment_type": [*as_list(record.get("positionScheduleCodes")), *work],
            "identifiers": [f"{record['dataSourceId']}:{record['dataSourceUniqueJVId']}"]
            if record.get("dataSourceUniqueJVId") and record.get("dataSourceId")
            else [],
        }


def _partner(item: dict[str, Any]) -> dict[str, Any]:
    """One level for what the partners' answers keep in several."""
    inner = as_dict(item.get("jobVacancy"))
    header = next(
        (
            h
            for h in (item.get("jobVacancyHeader"), item.get("header"), inner.get("header"))
            if isinstance(h, dict)
        ),
        {},
    )
    facets, urls = item.get("jobFacets"), lookup(item, "related.urls")
    return {
        **header,
        "hrxml": inner.get("hrxml"),
        "audit": item.get("auditInfo"),
        "facets": facets,
        "urls": urls,
    }


def _address(record: dict[str, Any], handle: str | None) -> str | None:
    stated = next(
        (as_text(u.get("urlValue")) for u in as_list(record.get("urls")) if isinstance(u, dict)), None
    )
    return stated or (f"{VACANCY}{handle}" if handle else None)


def _places(record: dict[str, Any], facets: list[dict[str, Any]]) -> list[Place | None]:
    """The country and, as region, its NUTS code: the portal gives no towns."""
    table = as_dict(record.get("locationMap"))
    pairs = [(country, code) for country, codes in table.items() for code in (as_list(codes) or [None])]
    for facet in facets:
        code = as_text(facet.get("facetValue"))
        if facet.get("facetName") == "LOCATION" and code:
            pairs.append((code[:2], code))
    longest = [(c, n) for c, n in pairs if not any(o and n and o != n and o.startswith(n) for _, o in pairs)]
    return [place_of(None, region, country) for country, region in longest]


def _occupation(record: dict[str, Any], facets: list[dict[str, Any]]) -> Occupation | None:
    """ISCO first; the partners' search gives it as a facet with its label."""
    codes = [as_text(code) or "" for code in as_list(record.get("jobCategoriesCodes"))]
    isco = next((code.removeprefix(ISCO) for code in codes if code.startswith(ISCO)), None)
    facet = next((f for f in facets if f.get("facetName") == "OCCUPATION"), {})
    isco, label = isco or as_text(facet.get("facetValue")), as_text(facet.get("facetDescription"))
    if isco:
        return Occupation(scheme="ISCO08", code=isco, label=label)
    esco = next((code for code in codes if "/esco/occupation/" in code), None)
    return Occupation(scheme="ESCO", code=esco) if esco else None
