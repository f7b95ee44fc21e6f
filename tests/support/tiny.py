"""A tiny protocol for tests of the crawl engine: JSON pages `{"items": [...], "next": "/path"}`."""

from crawler.errors import SourceResponseError
from crawler.items import Post
from spiders.base import ProtocolParams, SourceSpider


class TinyParams(ProtocolParams):
    """Keys of the test protocol."""

    paths: list[str] = []
    """Paths asked for at once instead of the source's address."""


class TinySpider(SourceSpider):
    """Reads items and follows `next`."""

    protocol = "tiny"
    complete_listing = True
    Params = TinyParams

    def start_requests_for_source(self):
        if not self.params.paths:
            yield self.request(self.source.url, self.parse_page)
        for path in self.params.paths:
            yield self.request(path, self.parse_page)

    def parse_page(self, response):
        yield from self.read(response)
        following = response.json().get("next")
        if following:
            yield self.request(response.urljoin(following), self.parse_page)
        else:
            self.listing_complete()

    def read(self, response):
        try:
            page = response.json()
        except ValueError as error:
            raise SourceResponseError("not-json", "expected JSON", response.url) from error
        for row in page["items"]:
            url = response.urljoin(row["url"])
            if not self.is_done(url):
                yield self.signal(
                    Post, native_id=row["id"], url=url, title=row["title"], text=row.get("text", "")
                )
