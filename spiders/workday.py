"""Workday career sites: pages of postings by POST, the text in an answer of its own (`/wday/cxs/…`).

The service is not documented; keys are those of recorded answers. Only the first page states the total.
"""

import json
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request

from crawler.items import Organisation, Signal
from spiders.board import Board, Paths
from spiders.formats.answers import as_list, as_text
from spiders.formats.jobparts import place_of
from spiders.formats.recordfields import lookup

__all__ = ["Workday"]


class Workday(Board):
    """A site: `https://{tenant}.wd5.myworkdayjobs.com/wday/cxs/{tenant}/{site}/jobs`."""

    name = protocol = "workday"
    LIST, ONE, TOTAL = "jobPostings", "jobPostingInfo", "total"
    PAGE_SIZE = 20  # the service refuses more
    MARKS = ("title", "jobReqId")
    SLUG = r"//([^./]+)\.wd\d+\.myworkdayjobs\.com"
    FIELDS: ClassVar[Paths] = {
        "title": ("title",),
        "html": ("jobDescription",),
        "published_raw": ("startDate", "postedOn"),
        "closes_raw": ("endDate",),
        "employment_type": ("timeType",),
        "location_mode": ("remoteType",),
        "requisition_id": ("jobReqId", "bulletFields.0"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._total: int | None = None

    def page(self, start: int, number: int) -> Request:
        """Ask by POST, with an empty search."""
        body = json.dumps({"appliedFacets": {}, "limit": self.PAGE_SIZE, "offset": start, "searchText": ""})
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        options: dict[str, Any] = {"method": "POST", "body": body, "headers": headers, "dont_filter": True}
        return self.list_request(self.source.url, start, number, **options)

    def total(self, answer: Any) -> int | None:
        """The total of the first page: later ones state 0."""
        self._total = self._total or super().total(answer)
        return self._total

    def identity(self, record: Any) -> Any:
        """The number at the end of the posting's path: `…_R45693`, of a second posting `…_R45693-1`."""
        path = (
            as_text(record.get("externalPath") or record.get("jobPostingId"))
            if isinstance(record, dict)
            else None
        )
        return path.rsplit("_", 1)[-1].rsplit("/", 1)[-1] if path else None

    def detail(self, advert: Signal) -> Request | None:
        """The list holds no text."""
        path = urlsplit(advert.url or "").path
        base = self.source.url.removesuffix("/jobs")
        return self.detail_request(base + path[path.find("/job/") :], advert)

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Number, public address, places with their country, employer."""
        site, path = urlsplit(url), as_text(record.get("externalPath"))
        folder = site.path.removesuffix("/jobs").rsplit("/", 1)[-1]
        public = f"{site.scheme}://{site.netloc}/{folder}{path}" if path else None
        country = lookup(record, "jobRequisitionLocation.country.alpha2Code") or record.get("country")
        names = [
            record.get("location") or record.get("locationsText"),
            *as_list(record.get("additionalLocations")),
        ]
        employer = as_text(lookup(answer, "hiringOrganization.name"))
        return {
            "native_id": self.identity(record),
            "url": as_text(record.get("externalUrl")) or public,
            "places": [place_of(country=country, raw=name) for name in names],
            "organisation": Organisation(name=employer) if employer else None,
        }
