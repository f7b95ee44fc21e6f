"""BambooHR: one answer lists the openings of a career site, the text is in an answer of its own."""

import re
from typing import Any, ClassVar
from urllib.parse import urljoin

from scrapy import Request

from crawler.items import Signal
from spiders.board import Board, Paths
from spiders.formats.answers import as_text
from spiders.formats.jobparts import place_of, salary

__all__ = ["BambooHR"]

MODES = {"0": "onsite", "1": "remote", "2": "hybrid"}
"""`locationType`: seen on the public pages of openings."""


class BambooHR(Board):
    """A career site: the source's address is `https://{company}.bamboohr.com/careers/list`."""

    name = protocol = "bamboohr"
    LIST, ONE, TOTAL = "result", "result.jobOpening", "meta.totalCount"
    MARKS = ("jobOpeningName",)
    SLUG = r"//([^./]+)\.bamboohr\.com"
    FIELDS: ClassVar[Paths] = {
        "title": ("jobOpeningName",),
        "html": ("description",),
        "published_raw": ("datePosted",),
        "employment_type": ("employmentStatusLabel",),
        "keywords": ("departmentLabel",),
    }

    def identity(self, record: Any) -> Any:
        """The number of the opening, which its own answer holds in the address only."""
        if not isinstance(record, dict):
            return record
        shared = re.search(r"/careers/(\d+)", as_text(record.get("jobOpeningShareUrl")) or "")
        return as_text(record.get("id")) or (shared[1] if shared else None)

    def detail(self, advert: Signal) -> Request | None:
        """The list holds no text."""
        return self.detail_request(urljoin(self.source.url, f"/careers/{advert.native_id}/detail"), advert)

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Number, address, place and mode."""
        number = self.identity(record)
        places = [
            place_of(
                p.get("city"),
                p.get("state") or p.get("province"),
                p.get("addressCountry") or p.get("country"),
            )
            for key in ("location", "atsLocation")
            if isinstance(p := record.get(key), dict)
        ]
        mode = "remote" if record.get("isRemote") is True else MODES.get(str(record.get("locationType")))
        return {
            "native_id": number,
            "url": as_text(record.get("jobOpeningShareUrl")) or urljoin(url, f"/careers/{number}"),
            "places": places,
            "location_mode": mode,
            "money": salary(raw=record.get("compensation")),
        }
