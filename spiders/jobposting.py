"""schema.org JobPosting on career pages, found through robots.txt and sitemaps.

Field names: schema.org/JobPosting and Google's job posting guide.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response, TextResponse

from crawler.errors import SourceResponseError
from crawler.items import Issue, JobAdvert, Money, Occupation, Organisation, Place, Signal
from spiders.answers import as_list, as_text, decoded, gunzip
from spiders.base import ProtocolParams, SourceSpider
from spiders.jsonld import find, json_ld, microdata
from spiders.sitemap import is_new, read_sitemap, robots_sitemaps

__all__ = ["JobPosting"]

JOB_PATH = (
    r"job|career|karriere|stelle|emploi|offre|empleo|lavor|vacatur|vacanc|jobb|praca|kariera|tyopaik|vaga"
)


class JobPostingParams(ProtocolParams):
    """Parameters of a site of job pages."""

    pattern: str = JOB_PATH
    """Regular expression that the address of a job page matches."""
    sitemaps: list[str] = []
    """Sitemaps to read; default: those robots.txt names, else /sitemap.xml."""
    pages: list[str] = []
    """Further pages to read."""


class JobPosting(SourceSpider):
    """Pages that hold JobPosting items; the source's address is the site."""

    name = protocol = "jobposting"
    Params = JobPostingParams

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask robots.txt or the given sitemaps, and the given pages."""
        for page in self.params.pages:
            yield self.request(page, self.parse_page)
        if self.params.sitemaps:
            for sitemap in self.params.sitemaps:
                yield self.request(sitemap, self.parse_sitemap)
        elif not self.params.pages:
            yield self.request(
                urljoin(self.source.url, "/robots.txt"),
                self.parse_robots,
                meta={"handle_httpstatus_list": [404, 410]},
            )

    def parse_robots(self, response: Response) -> Iterator[Request]:
        """Follow the sitemaps of robots.txt, else try the usual address."""
        text = response.body.decode("utf-8", errors="replace") if response.status == 200 else ""
        for address in robots_sitemaps(text, response.url) or [urljoin(response.url, "/sitemap.xml")]:
            yield self.request(address, self.parse_sitemap)

    def parse_sitemap(self, response: Response) -> Iterator[Request | Issue]:
        """Follow further sitemaps and the job pages that may have changed."""
        sitemap = read_sitemap(response.body, response.url)
        if sitemap.damaged:
            yield self.issue("damaged-sitemap", f"damaged XML: {sitemap.damaged}", url=response.url)
        for entry in sitemap.entries:
            if not is_new(entry, self.context.since):
                continue
            if sitemap.index:
                yield self.request(entry.url, self.parse_sitemap)
            elif re.search(self.params.pattern, entry.url, re.IGNORECASE) and not self.is_done(entry.url):
                yield self.request(entry.url, self.parse_page)

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read all JobPosting items of a page: JSON-LD first, microdata where that has none."""
        body = gunzip(response.body, response.url)
        if not body.strip():
            raise SourceResponseError("empty-page", "the page is empty", response.url)
        # without a stated charset Scrapy guesses by statistics, which misreads short pages
        stated = (response.headers.get("Content-Type") or b"") + body[:2048]
        told = b"charset" in stated.lower() or body.startswith((b"\xff\xfe", b"\xfe\xff"))
        page = response.text if told and isinstance(response, TextResponse) else decoded(body)
        found: list[dict[str, Any]] = []
        for data in json_ld(page):
            if isinstance(data, ValueError):
                yield self.issue("bad-json-ld", f"a JSON-LD script cannot be read: {data}", url=response.url)
            else:
                found += find(data, "JobPosting")
        found = found or list(microdata(page, "JobPosting"))
        if not found:
            yield self.issue("no-jobposting", "the page holds no JobPosting", url=response.url)
        for node in found:
            yield self._advert(node, response.url, alone=len(found) == 1)

    def _advert(self, node: dict[str, Any], page: str, *, alone: bool) -> Signal | Issue:
        title = as_text(node.get("title"), "@value") or as_text(node.get("name"), "@value")
        if not title:
            return self.issue(
                "missing-title", "a JobPosting without title", level="error", url=page, record=node
            )
        identifier = as_text(node.get("identifier"), "value", "@value", "name", "@id")
        link = as_text(node.get("url"), "@id", "@value")
        address = urljoin(page, link) if link else page
        places = [p for location in as_list(node.get("jobLocation")) if (p := _place(location))]
        remote = "TELECOMMUTE" in str(node.get("jobLocationType") or "").upper()
        for region in as_list(node.get("applicantLocationRequirements")) if remote and not places else []:
            if name := as_text(region, "name", "@value"):
                places.append(Place(raw=name))
        code, label = _occupation(node.get("occupationalCategory"))
        employer = node.get("hiringOrganization")
        name = as_text(employer, "name", "legalName", "@value")
        site = (
            as_text(employer.get("sameAs") or employer.get("url"), "@id")
            if isinstance(employer, dict)
            else None
        )
        openings = as_text(node.get("totalJobOpenings"))
        return self.signal(  # type: ignore[no-any-return]
            JobAdvert,
            native_id=None if alone or link else identifier,
            url=address,
            title=title,
            html=_markup(node.get("description")),
            language_declared=as_text(node.get("inLanguage"), "alternateName", "name"),
            keywords=_words(node.get("keywords")) + _words(node.get("industry")),
            published_raw=as_text(node.get("datePosted"), "@value"),
            updated_raw=as_text(node.get("dateModified"), "@value"),
            closes_raw=as_text(node.get("validThrough"), "@value"),
            organisation=Organisation(name=name, url=site) if name else None,
            place=places[0] if places else None,
            places=places[1:],
            money=_salary(node.get("baseSalary")),
            identifiers=[identifier] if identifier else [],
            requisition_id=identifier,
            employment_type=_employment(node.get("employmentType")),
            location_mode="remote" if remote else None,
            occupation=Occupation(code=code, label=label) if code or label else None,
            positions=int(openings) if openings and openings.isdigit() else None,
        )


def _markup(value: Any) -> str | None:
    import html

    text = next((part for part in as_list(value) if isinstance(part, str)), None)
    if not text or not text.strip():
        return None
    return html.unescape(text) if "<" not in text and "&lt;" in text else text


def _words(value: Any) -> list[str]:
    words = []
    for part in as_list(value):
        text = as_text(part, "name", "@value")
        words += [word.strip() for word in text.split(",")] if text else []
    return [word for word in words if word]


def _employment(value: Any) -> list[str]:
    names = [as_text(part, "name", "@value") for part in as_list(value)]
    split = [part for name in names if name for part in name.split(",")]
    return list(
        dict.fromkeys(
            re.sub(r"[\s\-]+", "_", n.strip().rsplit("/", 1)[-1]).upper() for n in split if n.strip()
        )
    )


def _place(location: Any) -> Place | None:
    if isinstance(location, str):
        return Place(raw=location) if location.strip() else None
    if not isinstance(location, dict):
        return None
    address = next(iter(as_list(location.get("address"))), None)
    geo = next((g for g in as_list(location.get("geo")) if isinstance(g, dict)), {})
    lat, lon = _number(geo.get("latitude")), _number(geo.get("longitude"))
    if not isinstance(address, dict):
        raw = as_text(address) or as_text(location.get("name"))
        return Place(raw=raw, lat=lat, lon=lon) if raw else None
    city, region = as_text(address.get("addressLocality")), as_text(address.get("addressRegion"))
    country = as_text(address.get("addressCountry"), "identifier", "name", "@value")
    raw = ", ".join(part for part in (city, region, country) if part) or as_text(location.get("name"))
    code = country.upper() if country and len(country) == 2 and country.isalpha() else None
    return Place(raw=raw, city=city, region=region, country=code, lat=lat, lon=lon) if raw else None


def _occupation(value: Any) -> tuple[str | None, str | None]:
    part = next(iter(as_list(value)), None)
    if isinstance(part, dict):
        return as_text(part.get("codeValue")), as_text(part.get("name"))
    return None, as_text(part)


def _number(value: Any) -> float | None:
    try:
        return float(str(value).replace(",", "").replace(" ", "")) if value not in (None, "") else None
    except ValueError:
        return None


def _salary(value: Any) -> Money | None:
    salary = next(iter(as_list(value)), None)
    if not isinstance(salary, dict):
        return Money(raw=as_text(salary), kind="salary") if as_text(salary) else None
    part = next(iter(as_list(salary.get("value"))), None)
    inner = (
        part
        if isinstance(part, dict)
        else {"value": part, **{k: salary.get(k) for k in ("minValue", "maxValue")}}
    )
    low = _number(inner.get("minValue"))
    low = _number(inner.get("value")) if low is None else low
    high = _number(inner.get("maxValue"))
    if low is None and high is None:
        return None
    currency = (
        as_text(salary.get("currency"))
        or as_text(salary.get("salaryCurrency"))
        or as_text(inner.get("currency"))
    )
    unit = as_text(inner.get("unitText")) or as_text(salary.get("unitText"))
    raw = " ".join(str(p) for p in (low, high, currency, unit) if p is not None)
    return Money(
        raw=raw,
        amount=low,
        amount_max=high,
        currency=currency,
        kind="salary",
        unit=unit.upper() if unit else None,
    )
