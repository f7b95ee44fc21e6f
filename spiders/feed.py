"""RSS 2.0, Atom and RSS 1.0 (RDF) through feedparser; conditional requests as in RFC 9110 13."""

from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import urljoin

import feedparser
from scrapy import Request
from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import KINDS, Issue, Signal
from crawler.normalise.text import plain_text
from crawler.unpack import gunzip
from spiders.base import ProtocolParams, SourceSpider

__all__ = ["Feed", "feed_entries"]


class FeedParams(ProtocolParams):
    """Parameters of a feed."""

    kind: Literal["post", "funding_call", "job_advert", "dataset", "award", "notice"] = "post"
    """Kind of signal that an entry is."""


class Feed(SourceSpider):
    """A feed; absence from it is no removal, as it holds the newest entries only."""

    name = protocol = "feed"
    Params = FeedParams

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for the feed, with the validators of the last answer."""
        yield self.request(
            self.source.url, self.parse_feed, conditional=True, meta={"handle_httpstatus_list": [304]}
        )

    def parse_feed(self, response: Response) -> Iterator[Signal | Issue]:
        """Read the feed, or note that nothing changed."""
        if response.status == 304:
            self.context.not_modified = True
            return
        yield from self.read(response)
        self.remember_validators(response)

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read the entries of a feed."""
        yield from feed_entries(self, response, self.params.kind)


def feed_entries(spider: SourceSpider, response: Response, kind: str) -> Iterator[Signal | Issue]:
    """Read the entries of a feed as signals of a kind.

    Raises:
        SourceResponseError: `not-a-feed`.
    """
    parsed = feedparser.parse(
        gunzip(response.body, response.url), sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.get("version") and not parsed.entries:
        raise SourceResponseError("not-a-feed", "expected RSS, Atom or RDF; check the address", response.url)
    if parsed.get("bozo"):
        reason = str(parsed.get("bozo_exception"))[:200]
        yield spider.issue("damaged-feed", f"the feed is not well-formed: {reason}", url=response.url)
    if not parsed.entries:
        yield spider.issue(
            "empty-feed", "the feed holds no entries; check the address if it should", url=response.url
        )
    language = parsed.feed.get("language")
    for entry in parsed.entries:
        yield _signal(spider, entry, kind, language, response.url)


def _signal(spider: SourceSpider, entry: Any, kind: str, language: str | None, page: str) -> Signal | Issue:
    link = entry.get("link") or next((part.get("href") for part in entry.get("links", [])), None)
    native = entry.get("id")
    bodies = [part.get("value") for part in entry.get("content", []) if part.get("value")]
    body = max([*bodies, entry.get("summary") or ""], key=len)
    title = plain_text(entry.get("title"))
    if not (native or link) or not (title or body):
        return spider.issue("bad-record", "an entry needs an address or id, and a title or text", level="error",
                            url=page,
                            record={key: str(value)[:200] for key, value in entry.items()})  # fmt: skip
    return spider.signal(  # type: ignore[no-any-return]
        KINDS[kind],
        native_id=native or None,
        url=urljoin(page, link) if link else None,
        title=title,
        html=body or None,
        language_declared=entry.get("language") or language,
        keywords=list(dict.fromkeys(tag.get("term") for tag in entry.get("tags", []) if tag.get("term"))),
        published_raw=entry.get("published") or None,
        # `get` would answer with `published` where there is no `updated` (feedparser, issue 310)
        updated_raw=(entry["updated"] or None) if "updated" in entry else None,
    )
