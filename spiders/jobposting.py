"""schema.org JobPosting on career pages, found through robots.txt and sitemaps, or through list pages.

JSON-LD first, microdata and RDFa after that, and the words of the page where it holds no structured data.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response, TextResponse
from selectolax.lexbor import LexborHTMLParser

from crawler.errors import SourceResponseError
from crawler.items import Issue, JobAdvert, Organisation, Signal
from crawler.unpack import gunzip
from spiders.base import ProtocolParams, SourceSpider
from spiders.formats.advertpage import advert_page, links
from spiders.formats.answers import decoded
from spiders.formats.jobparts import with_sector
from spiders.formats.jsonld import find, json_ld, microdata
from spiders.formats.postingfields import posting_values
from spiders.formats.sitemap import is_new, read_sitemap, robots_sitemaps

__all__ = ["JobPosting"]

JOB_PATH = (
    r"job|career|karriere|stelle|emploi|offre|empleo|lavor|vacatur|vacanc|jobb|praca|kariera|tyopaik|vaga"
)
GONE = [404, 410]
NO_RULES = [status for status in range(400, 500) if status != 429]
"""Answers that say there is no robots.txt (RFC 9309 2.3.1.3); 429 only asks to come back later."""
SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml")
"""Where a sitemap lies that robots.txt does not name."""


class JobPostingParams(ProtocolParams):
    """Parameters of a site of job pages."""

    pattern: str = JOB_PATH
    """Regular expression that the address of a job page matches."""
    sitemaps: list[str] = []
    """Sitemaps to read; default: those robots.txt names, else /sitemap.xml or /sitemap_index.xml."""
    pages: list[str] = []
    """Further job pages to read."""
    lists: list[str] = []
    """Pages that list vacancies; their links to job pages are followed."""
    next_page: str | None = None
    """Regular expression of the address of a list's further pages; default: links marked `rel="next"`."""
    employer: str | None = None
    """Name of the employer where the page names none; default: the publisher of the source."""
    words: bool = True
    """Read pages without structured data by their heading and text."""


class JobPosting(SourceSpider):
    """Pages that hold JobPosting items; the source's address is the site.

    Whether the sitemaps or lists hold everything that is open is for the source file to say
    (`lifecycle.complete`): many sites keep closed vacancies in them, or leave some out.
    """

    name = protocol = "jobposting"
    Params = JobPostingParams

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open = 0
        self._sound = True
        self._listed: set[str] = set()

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for the given pages, and for robots.txt unless lists or sitemaps are given."""
        for page in self.params.pages:
            yield self._job(page)
        for page in self.params.lists:
            yield self._listing(page, self.parse_listing)
        for sitemap in self.params.sitemaps:
            yield self._listing(sitemap, self.parse_sitemap)
        if not (self.params.pages or self.params.lists or self.params.sitemaps):
            robots = urljoin(self.source.url, "/robots.txt")
            yield self.request(robots, self.parse_robots, meta={"handle_httpstatus_list": NO_RULES})

    def _job(self, url: str) -> Request:
        return self.request(url, self.parse_page, meta={"handle_httpstatus_list": GONE})

    def _listing(self, url: str, callback: Any, **kwargs: Any) -> Request:
        """Build the request of a sitemap or list; all of them must be read before the listing is complete."""
        self._open += 1
        return self.request(url, callback, **kwargs)

    def _guess(self, addresses: list[str]) -> Request:
        """Build the request of the first of the addresses at which a sitemap may lie."""
        meta, arguments = {"handle_httpstatus_list": GONE}, {"further": addresses[1:]}
        return self._listing(addresses[0], self.parse_guess, meta=meta, cb_kwargs=arguments)

    def _read_to_end(self, *, sound: bool = True) -> None:
        self._open -= 1
        self._sound = self._sound and sound
        if self._open == 0 and self._sound and self.context.since is None:
            self.listing_complete()

    def parse_robots(self, response: Response) -> Iterator[Request]:
        """Follow the sitemaps of robots.txt, else try the usual addresses."""
        text = response.body.decode("utf-8", errors="replace") if response.status == 200 else ""
        named = robots_sitemaps(text, response.url)
        for address in named:
            yield self._listing(address, self.parse_sitemap)
        if not named:
            yield self._guess([urljoin(response.url, path) for path in SITEMAPS])

    def parse_guess(self, response: Response, further: list[str]) -> Iterator[Request | Issue]:
        """Read a sitemap that nobody named; what is none leads to the next usual address."""
        if response.status not in GONE:
            try:
                yield from self.parse_sitemap(response)
            except SourceResponseError as error:
                if error.code != "not-a-sitemap" or not further:
                    raise
            else:
                return
        if further:
            yield self._guess(further)
        else:
            message = f"no sitemap at {' or '.join(SITEMAPS)}; set params.sitemaps or params.lists"
            yield self.issue("no-sitemap", message, level="error", url=response.url)
        self._read_to_end(sound=bool(further))

    def parse_sitemap(self, response: Response) -> Iterator[Request | Issue]:
        """Follow further sitemaps and the job pages that may have changed."""
        sitemap = read_sitemap(response.body, response.url)
        if sitemap.damaged:
            yield self.issue("damaged-sitemap", f"damaged XML: {sitemap.damaged}", url=response.url)
        for entry in sitemap.entries:
            if not is_new(entry, self.context.since):
                continue
            if sitemap.index:
                yield self._listing(entry.url, self.parse_sitemap)
            elif re.search(self.params.pattern, entry.url, re.IGNORECASE) and not self.is_done(entry.url):
                yield self._job(entry.url)
        self._read_to_end(sound=sitemap.damaged is None)

    def parse_listing(self, response: Response) -> Iterator[Signal | Request | Issue]:
        """Read the vacancies that a list holds in full, follow its links to job pages and further pages."""
        page = self._text(response)
        tree, nodes = LexborHTMLParser(page), list(self._nodes(page, response.url))
        full = [part for part in nodes if not isinstance(part, Issue) and part.get("description")]
        place = urlsplit(response.url)
        targets = links(tree, response.url)
        further = self._further(tree, response.url, targets)
        # an address that differs in its query only is another view of the list
        own = [t for t in targets if t not in further and urlsplit(t).path != place.path]
        jobs = [t for t in own if re.search(self.params.pattern, urlsplit(t).path, re.IGNORECASE)]
        new = [t for t in jobs if t not in self._listed]
        shown = {repr(node) for node in full} or set(jobs)
        if shown and shown <= self._listed:
            message = "the page lists nothing that an earlier one did not: stopped"
            yield self.issue("page-loop", message, url=response.url)
            further = []
        elif not shown:
            yield self.issue("empty-list", "no link of the page matches params.pattern", url=response.url)
        self._listed |= shown
        yield from (part for part in nodes if isinstance(part, Issue))
        # also a single one: the list's address is that of the next vacancy tomorrow
        yield from self._adverts(full, response.url)
        for target in () if full else new:
            if not self.is_done(target):
                yield self._job(target)
        for target in further:
            if target not in self._listed and urlsplit(target).hostname == place.hostname:
                self._listed.add(target)
                self.next_page(response)
                yield self._listing(target, self.parse_listing)
        self._read_to_end()

    def _further(self, tree: LexborHTMLParser, url: str, targets: list[str]) -> list[str]:
        if self.params.next_page:
            return [t for t in targets if re.search(self.params.next_page, t) and t != url]
        marked = [
            str(node.attributes.get("href") or "") for node in tree.css("a[rel~=next], link[rel~=next]")
        ]
        return [urljoin(url, href) for href in marked if href]

    def parse_page(self, response: Response) -> Iterator[Signal | Issue]:
        """Read a job page; one that is gone was withdrawn."""
        if response.status in GONE:
            yield self.signal(JobAdvert, url=_asked(response), removed=True)
            return
        yield from self.read(response)

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read all JobPosting items of a page, else the vacancy that its words describe.

        What a page holds alone is recognised by the address that was asked for, as its removal is.
        """
        page = self._text(response)
        nodes = list(self._nodes(page, response.url))
        yield from (part for part in nodes if isinstance(part, Issue))
        found = [part for part in nodes if not isinstance(part, Issue)]
        own = _asked(response) if response.request else None  # a saved page was not asked for
        alone = len(found) == 1
        yield from self._adverts(found, response.url, own if alone else None, alone=alone)
        if found:
            return
        values = advert_page(page, response.url, self.params.pattern) if self.params.words else None
        if values:
            yield self._advert({**values, "url": own or values["url"]})
        else:
            yield self.issue("no-jobposting", "the page holds no JobPosting", url=response.url)

    def _text(self, response: Response) -> str:
        body = gunzip(response.body, response.url)
        if not body.strip():
            raise SourceResponseError("empty-page", "the page is empty", response.url)
        # without a stated charset Scrapy guesses by statistics, which misreads short pages
        stated = (response.headers.get("Content-Type") or b"") + body[:2048]
        told = b"charset" in stated.lower() or body.startswith((b"\xff\xfe", b"\xfe\xff"))
        return response.text if told and isinstance(response, TextResponse) else decoded(body)

    def _nodes(self, page: str, url: str) -> Iterator[dict[str, Any] | Issue]:
        """JobPosting items, each once, and an issue for each script that cannot be read."""
        found: list[dict[str, Any]] = []
        for data, damage in json_ld(page):
            if damage and data is None:
                yield self.issue("bad-json-ld", f"a JSON-LD script cannot be read: {damage}", url=url)
            elif damage:
                yield self.issue("repaired-json-ld", f"a JSON-LD script was repaired: {damage}", url=url)
            found += [node for node in find(data, "JobPosting") if node not in found]
        yield from found or list(microdata(page, "JobPosting"))

    def _adverts(
        self, nodes: list[dict[str, Any]], url: str, own: str | None = None, *, alone: bool = False
    ) -> Iterator[Signal | Issue]:
        for node in nodes:
            values = posting_values(node, url, own, alone=alone)
            if values["title"]:
                yield self._advert(values)
            else:
                message = "a JobPosting without title"
                yield self.issue("missing-title", message, level="error", url=url, record=node)

    def _advert(self, values: dict[str, Any]) -> Signal:
        publisher = self.source.publisher.name if self.source.publisher else None
        fallback = self.params.employer or publisher
        if values["organisation"] is None and fallback:
            values["organisation"] = Organisation(name=fallback)
        if values["organisation"] is not None:
            values["organisation"] = with_sector(values["organisation"], self.source)
        return self.signal(JobAdvert, **values)  # type: ignore[no-any-return]


def _asked(response: Response) -> str:
    """The address that was asked for, before redirects: the one that a sitemap or list names again."""
    request = response.request
    redirected: list[str] = request.meta.get("redirect_urls", []) if request else []
    return redirected[0] if redirected else response.url
