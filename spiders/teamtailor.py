"""Teamtailor: the RSS feed of a career site, or an answer of its REST interface (docs.teamtailor.com).

The feed says places and remote status in a namespace of its own (https://teamtailor.com/locations).
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import Issue, Organisation
from crawler.unpack import gunzip
from spiders.board import Paths
from spiders.formats.answers import as_list, as_text, json_answer
from spiders.formats.jobparts import location_mode, place_of
from spiders.formats.recordfields import lookup
from spiders.formats.xmltree import xml_records
from spiders.xmlboard import XmlBoard

__all__ = ["Teamtailor"]


class Teamtailor(XmlBoard):
    """A career site: `https://{company}.teamtailor.com/jobs.rss`, or `/jobs.rss` on a domain of its own."""

    name = protocol = "teamtailor"
    QUERY: ClassVar[dict[str, str]] = {"offset": "{start}", "per_page": "{size}"}
    PAGE_SIZE = 100
    SLUG = r"//([^./]+)\.(?:[a-z]+\.)?teamtailor\.com"
    FIELDS: ClassVar[Paths] = {
        "native_id": ("guid", "id"),
        "title": ("title", "attributes.title"),
        "url": ("link", "links.careersite-job-url"),
        "html": ("description", "attributes.body"),
        "published_raw": ("pubDate", "attributes.created-at"),
        "closes_raw": ("attributes.end-date",),
        "keywords": ("attributes.tags",),
        "location_mode": ("remoteStatus", "attributes.remote-status"),
    }

    def decode(self, response: Response) -> Any:
        """The items of the feed, or of an answer in JSON:API."""
        body = gunzip(response.body, response.url)
        if re.match(rb"\s*[\[{]", body):
            answer = json_answer(response)
            if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
                raise SourceResponseError("not-teamtailor", "expected `data`, a list of jobs", response.url)
            return {"records": answer["data"], "channel": None, "damage": None}
        if b"<rss" not in body[:1000]:
            raise SourceResponseError("not-teamtailor", "expected an RSS feed of jobs", response.url)
        channel = next(iter(xml_records(body, "channel", response.url)[0]), None)
        return {**super().decode(response), "channel": as_text(lookup(channel, "title"))}

    def has_more(self, answer: Any, received: int, held: int) -> bool:
        """A page shorter than asked for is no end: a site may cap its pages."""
        return received > 0

    def repeated(self, response: Response, start: int) -> Iterator[Issue]:
        """A page that brings nothing new is the end: a site may ignore the offset and send all at once."""
        self.listing_complete()
        return iter(())

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Places, mode and department; the employer is named by the channel only."""
        parts = [part for part in as_list(lookup(record, "locations.location")) if isinstance(part, dict)]
        words = [as_text(record.get(k)) for k in ("department", "role")]
        words.append(as_text(lookup(record, "relationships.role.data.attributes.name")))
        stated = as_text(record.get("remoteStatus"))
        return {
            "organisation": Organisation(name=answer["channel"]) if answer.get("channel") else None,
            "places": [place_of(p.get("city") or p.get("name"), None, p.get("country")) for p in parts],
            "location_mode": "onsite" if stated == "none" else location_mode(stated),
            "keywords": [word for word in words if word],
        }
