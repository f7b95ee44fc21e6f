"""Base of all protocols: a source file becomes requests, a response becomes items and issues."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.context import RunContext
from crawler.errors import ConfigurationError, SourceResponseError
from crawler.identity import canonical_url
from crawler.items import Issue, Signal
from crawler.sources import Source, strict_errors

__all__ = ["ProtocolParams", "SourceSpider"]


class ProtocolParams(BaseModel):
    """Table `[params]` of a source file. A protocol declares its own keys; unknown ones are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SourceSpider(Spider):
    """A protocol. The loader makes one subclass per source file, with `source` set and `name` its identifier.

    A protocol defines `start_requests_for_source` (what to ask first), callbacks that follow pages, and
    `read`: one response in, its items and issues out, no requests. `read` is what `dsi parse` runs over a
    saved response, so everything that can go wrong inside a record is an `Issue`, never an exception;
    an answer that is no answer of the protocol at all raises `SourceResponseError`.
    """

    protocol: ClassVar[str] = ""
    """Name of the protocol in source files."""
    complete_listing: ClassVar[bool] = False
    """A finished listing of this protocol holds everything that is open."""
    Params: ClassVar[type[ProtocolParams]] = ProtocolParams
    """Keys of the `[params]` table."""
    source: Source

    def __init__(self, *args: Any, context: RunContext | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context = context or RunContext(run_id="manual")
        self.params: Any = self.check_params(self.source)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider; part of Scrapy's contract."""
        return super().from_crawler(crawler, *args, **kwargs)

    @classmethod
    def check_params(cls, source: Source) -> ProtocolParams:
        """Check the `[params]` table of a source.

        Raises:
            ConfigurationError: a key is unknown, missing or wrong; names source and key.
        """
        try:
            return cls.Params(**source.params)
        except ValidationError as error:
            raise ConfigurationError(f"source {source.id}: params.{strict_errors(error)}") from error

    async def start(self) -> AsyncIterator[Any]:
        """Yield the first requests."""
        for request in self.start_requests_for_source():
            yield request

    def start_requests_for_source(self) -> Iterator[Request]:
        """Yield the first requests: by default the source's address, read by `parse_page`."""
        yield self.request(self.source.url, self.parse_page)

    def parse_page(self, response: Response) -> Iterator[Signal | Issue | Request]:
        """Read one response that leads nowhere further."""
        yield from self.read(response)

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read the items and issues of one response. Every protocol defines it."""
        raise SourceResponseError(
            "no-reader", f"protocol {self.protocol} reads no single response", response.url
        )

    def request(self, url: str, callback: Any, *, conditional: bool = False, **kwargs: Any) -> Request:
        """Build a request; `conditional` adds the validators of the last answer (RFC 9110 13.1)."""
        headers = dict(kwargs.pop("headers", None) or {})
        if conditional:
            known = self.context.validators.get(url, {})
            if known.get("etag"):
                headers["If-None-Match"] = known["etag"]
            if known.get("last_modified"):
                headers["If-Modified-Since"] = known["last_modified"]
        return Request(url, callback=callback, headers=headers, **kwargs)

    def next_page(self, response: Response) -> None:
        """Say that the next request is a further page of the same listing, not a link deeper.

        Without this a listing ends silently after as many pages as `limits.depth` allows links; its length
        is bounded by `limits.max_pages`.
        """
        response.meta["depth"] = response.meta.get("depth", 0) - 1

    def is_done(self, url: str) -> bool:
        """Whether an interrupted run already stored this address under its run id."""
        return canonical_url(url) in self.context.done

    def remember_validators(self, response: Response) -> None:
        """Keep ETag and Last-Modified for the next conditional request."""
        pairs = {"etag": response.headers.get("ETag"), "last_modified": response.headers.get("Last-Modified")}
        found = {name: value.decode("latin-1") for name, value in pairs.items() if value}
        if found:
            self.context.validators[response.request.url if response.request else response.url] = found

    def lists_all(self) -> bool:
        """Whether a finished listing of this source holds everything that is open."""
        stated = self.source.lifecycle.complete
        return self.complete_listing if stated is None else stated

    def listing_complete(self) -> None:
        """Say that the listing was read to its true end."""
        self.context.complete = self.lists_all()

    def signal(self, item_class: type[Signal], **values: Any) -> Any:
        """Build an item of this source."""
        return item_class(source=self.source.id, family=self.source.family, **values)

    def issue(
        self, code: str, message: str, *, level: str = "warning", url: str | None = None, record: Any = None
    ) -> Issue:
        """Build an issue of the parse step."""
        return Issue(level=level, step="parse", code=code, message=message, url=url, record=record)
