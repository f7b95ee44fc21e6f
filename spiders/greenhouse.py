"""Greenhouse Job Board API: one answer lists a board (developers.greenhouse.io/job-board.html)."""

from collections.abc import Iterator
from typing import Any, ClassVar

from scrapy.http import Response

from crawler.items import Issue, Money, Signal
from spiders.board import Board, Paths
from spiders.formats.answers import as_list, as_text
from spiders.formats.jobparts import location_mode, number, only_mode, place_of, salary

__all__ = ["Greenhouse"]


class Greenhouse(Board):
    """A board: the source's address is `https://boards-api.greenhouse.io/v1/boards/{token}/jobs?content=true`."""

    name = protocol = "greenhouse"
    LIST, TOTAL = "jobs", "meta.total"
    MARKS = ("id", "title")
    SLUG = r"greenhouse\.io/(?:embed/job_app\?for=)?([^/?#&]+)"
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id",),
        "title": ("title",),
        "url": ("absolute_url",),
        "html": ("content",),  # entity-escaped, in some boards twice
        "language_declared": ("language",),
        "keywords": ("departments",),
        "published_raw": ("first_published",),
        "updated_raw": ("updated_at",),
        "organisation.name": ("company_name",),
        "requisition_id": ("requisition_id",),
    }

    def read_answer(self, answer: Any, response: Response) -> Iterator[Signal | Issue]:
        """Read posts; the board's own page holds none."""
        if isinstance(answer, dict) and "name" in answer and not answer.keys() & {"jobs", "title"}:
            message = "this is the board's description, it lists no posts"
            yield self.issue("no-jobs", message, url=response.url)
            return
        yield from super().read_answer(answer, response)

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Places, pay, and the vacancy behind the post, which other posts of other places may share."""
        parts = [part for part in as_list(record.get("offices")) if isinstance(part, dict)]
        offices = [name for part in parts if (name := as_text(part, "location", "name"))]
        location, internal = as_text(record.get("location"), "name"), as_text(record.get("internal_job_id"))
        # some boards write "Hybrid" for the location and name the towns as offices only
        names = offices if offices and only_mode(location) else [location, *offices]
        return {
            "places": [place_of(raw=name) for name in names],
            "location_mode": location_mode(location),
            "money": _pay(record.get("pay_input_ranges")),
            "identifiers": [f"greenhouse:{internal}"] if internal else [],
            # a prospect post has no vacancy behind it
            "evergreen": "internal_job_id" in record and internal is None,
        }


def _pay(ranges: Any) -> Money | None:
    """The first range; its sums are in hundredths."""
    for entry in as_list(ranges):
        if isinstance(entry, dict) and (low := number(entry.get("min_cents"))) is not None:
            top = number(entry.get("max_cents"))
            sums = low / 100, top / 100 if top is not None else None
            return salary(*sums, entry.get("currency_type"), entry.get("title"), raw=entry.get("title"))
    return None
