"""WordPress REST API v2 (developer.wordpress.org/rest-api), with feed and sitemap where REST is closed."""

import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any, Literal
from urllib.parse import urlencode, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response, TextResponse

from crawler.errors import SourceResponseError
from crawler.items import KINDS, Issue, Signal
from crawler.normalise.text import plain_text
from spiders.base import ProtocolParams, SourceSpider
from spiders.feed import feed_entries
from spiders.formats.answers import as_text, json_answer
from spiders.formats.sitemap import is_new, read_sitemap, robots_sitemaps

__all__ = ["Wordpress", "rest_root"]

CLOSED = [401, 403, 404, 410]
REL = "https://api.w.org/"
DAMAGED_PAGE = [400, *CLOSED]


class WordpressParams(ProtocolParams):
    """Parameters of a WordPress site."""

    kind: Literal["post", "funding_call", "job_advert", "award", "notice", "project", "organisation"] = "post"
    """Kind of signal that an entry is."""
    types: list[str] = ["posts"]
    """REST bases to read (`posts`, `pages`, custom types as `/wp-json/wp/v2/types` lists them)."""


class Wordpress(SourceSpider):
    """A WordPress site; the source's address is its home page."""

    name = protocol = "wordpress"
    complete_listing = True
    Params = WordpressParams

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for the home page, which names the REST root."""
        self._open = len(self.params.types)
        yield self.request(self.source.url, self.parse_home, meta={"handle_httpstatus_list": CLOSED})

    def parse_home(self, response: Response) -> Iterator[Request]:
        """Ask each content type for its first page."""
        root = rest_root(response) or urljoin(self.source.url.rstrip("/") + "/", "wp-json/")
        for rest_base in self.params.types:
            yield self._rest(root, rest_base, 1, ())

    def _rest(self, root: str, rest_base: str, page: int, previous: tuple[Any, ...]) -> Request:
        query: dict[str, Any] = {"per_page": 100, "page": page, "orderby": "id", "order": "asc"}
        if self.context.since:
            query["modified_after"] = self.context.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        address = f"{root.rstrip('/')}/wp/v2/{rest_base}"
        arguments = {"root": root, "rest_base": rest_base, "page": page, "previous": previous}
        url = f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
        return self.request(
            url, self.parse_rest, cb_kwargs=arguments, meta={"handle_httpstatus_list": DAMAGED_PAGE}
        )

    def parse_rest(
        self, response: Response, root: str, rest_base: str, page: int, previous: tuple[Any, ...]
    ) -> Iterator[Signal | Issue | Request]:
        """Read one page of a type and ask for the next; a closed REST API leads to the feed."""
        if response.status in CLOSED:
            yield self.issue(
                "rest-closed", f"REST answers {response.status}: reading the feed instead", url=response.url
            )
            yield self.request(urljoin(self.source.url.rstrip("/") + "/", "feed/"), self.parse_feed,
                               meta={"handle_httpstatus_list": CLOSED})  # fmt: skip
            return
        answer = json_answer(response)
        ids = tuple(p.get("id") for p in answer if isinstance(p, dict)) if isinstance(answer, list) else ()
        if ids and ids == previous:
            yield self.issue(
                "page-loop", f"page {page} is the page before it: stopped", level="error", url=response.url
            )
            return
        yield from self.read(response)
        stated = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1")
        total = int(stated) if stated.isdigit() else page + (len(ids) == 100)
        if ids and page < total:
            self.next_page(response)
            yield self._rest(root, rest_base, page + 1, ids)
        elif isinstance(answer, list):
            self._open -= 1
            if self._open == 0 and self.context.since is None:
                self.listing_complete()

    def parse_feed(self, response: Response) -> Iterator[Signal | Issue | Request]:
        """Read the feed; where there is none, ask the sitemap."""
        if response.status == 200:
            try:
                yield from feed_entries(self, response, self.params.kind)
            except SourceResponseError as error:
                yield self.issue(error.code, str(error), url=response.url)
            else:
                return
        yield self.request(urljoin(self.source.url, "/wp-sitemap.xml"), self.parse_sitemap)

    def parse_sitemap(self, response: Response) -> Iterator[Request]:
        """Follow the sitemaps of posts and the pages in them."""
        sitemap = read_sitemap(response.body, response.url)
        for entry in sitemap.entries:
            if not is_new(entry, self.context.since) or (
                sitemap.index and re.search(r"users|taxonom|author", entry.url)
            ):
                continue
            yield self.request(entry.url, self.parse_sitemap if sitemap.index else self.parse_page)

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read REST lists, single entries and errors, feeds, HTML pages, robots files and sitemaps."""
        start = response.body.lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start:
            raise SourceResponseError("empty-page", "the answer is empty", response.url)
        if start[:1] in b"[{":
            yield from self._rest_entries(json_answer(response), response.url)
        elif b"<urlset" in start[:2000] or b"<sitemapindex" in start[:2000]:
            count = len(read_sitemap(response.body, response.url).entries)
            yield self.issue(
                "no-content", f"a sitemap of {count} addresses holds no entries itself", url=response.url
            )
        elif (
            re.match(rb"<(\?xml|rss|feed|rdf)", start, re.IGNORECASE) and b"<html" not in start[:500].lower()
        ):
            yield from feed_entries(self, response, self.params.kind)
        elif start.startswith(b"<"):
            yield from self._page(response)
        else:
            named = robots_sitemaps(start.decode("utf-8", errors="replace"), response.url)
            yield self.issue(
                "no-content", f"a text file without entries; it names {len(named)} sitemaps", url=response.url
            )

    def _rest_entries(self, answer: Any, url: str) -> Iterator[Signal | Issue]:
        if isinstance(answer, dict) and "code" in answer and "message" in answer:
            yield self.issue("rest-error", f"{answer['code']}: {answer['message']}", url=url)
            return
        for post in answer if isinstance(answer, list) else [answer]:
            if not isinstance(post, dict) or not post.get("id"):
                yield self.issue("bad-record", "an entry needs an `id`", level="error", url=url, record=post)
            elif "taxonomy" in post:
                yield self.issue(
                    "skipped-type", f"{post['taxonomy']} {post.get('slug')} is no entry", url=url
                )
            else:
                yield self._entry(post, url)

    def _entry(self, post: dict[str, Any], page: str) -> Signal | Issue:
        title = plain_text(_rendered(post.get("title")) or "")
        body = _rendered(post.get("content")) or _rendered(post.get("excerpt"))
        if not title and not body:
            return self.issue(
                "bad-record", "an entry without title and text", level="error", url=page, record=post
            )
        embedded = post.get("_embedded")
        groups = embedded.get("wp:term") if isinstance(embedded, dict) else None
        terms = [t for group in groups or [] if isinstance(group, list) for t in group if isinstance(t, dict)]
        return self.signal(  # type: ignore[no-any-return]
            KINDS[self.params.kind],
            native_id=str(post["id"]),
            url=as_text(post.get("link")),
            title=title,
            html=body,
            keywords=[name for term in terms if (name := as_text(term.get("name")))],
            published_raw=_moment(post, "date"),
            updated_raw=_moment(post, "modified"),
        )

    def _page(self, response: Response) -> Iterator[Signal | Issue]:
        page = (
            response if isinstance(response, TextResponse) else TextResponse(response.url, body=response.body)
        )
        single = page.css("body.single, body.page, body.single-post, article.single").get() is not None
        title = page.css("meta[property='og:title']::attr(content), h1::text, title::text").get()
        if not single or not title:
            yield self.issue(
                "no-content",
                "an overview page: its entries are read from REST, feed or sitemap",
                url=response.url,
            )
            return
        # a permalink is the identity here: the page may not state the id of the entry
        shortlink = page.css("link[rel=shortlink]::attr(href)").get() or ""
        native = re.search(r"[?&]p=(\d+)", shortlink)
        yield self.signal(
            KINDS[self.params.kind],
            native_id=native.group(1) if native else None,
            url=page.css("link[rel=canonical]::attr(href)").get() or response.url,
            title=plain_text(title),
            page=page.text,
            language_declared=page.css("html::attr(lang)").get(),
            published_raw=page.css(
                "meta[property='article:published_time']::attr(content), time::attr(datetime)"
            ).get(),
        )


def rest_root(response: Response) -> str | None:
    """REST root that a site names in its `Link` header or its `<link>` element, on the site's own host."""
    found = re.search(
        rf'<([^>]+)>;\s*rel="{re.escape(REL)}"', b",".join(response.headers.getlist("Link")).decode("latin-1")
    )
    address = found.group(1) if found else None
    if address is None and isinstance(response, TextResponse):
        address = response.css(f"link[rel='{REL}']::attr(href)").get()
    parts = urlsplit(urljoin(response.url, address or ""))
    same = _host(parts.hostname) == _host(urlsplit(response.url).hostname)
    return parts.geturl() if address and same and parts.scheme in {"http", "https"} else None


def _host(name: str | None) -> str:
    return (name or "").lower().removeprefix("www.")


def _rendered(value: Any) -> str | None:
    text = value.get("rendered") if isinstance(value, dict) else value
    return text if isinstance(text, str) and text.strip() else None


def _moment(post: dict[str, Any], key: str) -> str | None:
    """Date with its zone: the `_gmt` twin is UTC without saying so."""
    gmt = as_text(post.get(f"{key}_gmt"))
    return f"{gmt}Z" if gmt and "T" in gmt and not gmt.endswith("Z") else gmt or as_text(post.get(key))
