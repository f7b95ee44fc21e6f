"""Ashby posting API: one answer lists a board (developers.ashbyhq.com/docs/public-job-posting-api)."""

from collections.abc import Iterator
from typing import Any, ClassVar

from crawler.items import Issue, Money, Place, Signal
from spiders.board import Board, Paths
from spiders.formats.answers import as_dict, as_list, as_text
from spiders.formats.jobparts import location_mode, place_of, salary
from spiders.formats.recordfields import lookup

__all__ = ["Ashby"]


class Ashby(Board):
    """A board: `https://api.ashbyhq.com/posting-api/job-board/{board}?includeCompensation=true`."""

    name = protocol = "ashby"
    LIST = "jobs"
    MARKS = ("id", "jobUrl")
    SLUG = r"ashbyhq\.com/([^/?#]+)"
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id",),
        "title": ("title",),
        "url": ("jobUrl", "applyUrl"),
        "html": ("descriptionHtml", "descriptionPlain"),
        "published_raw": ("publishedAt",),
        "updated_raw": ("updatedAt",),
        "employment_type": ("employmentType",),
        "requisition_id": ("requisitionId",),
    }

    def adverts(self, record: Any, answer: Any, url: str) -> Iterator[Signal | Issue]:
        """Leave out what the board does not list: reachable by its address only."""
        if isinstance(record, dict) and record.get("isListed") is False:
            message = f"{as_text(record.get('title'))}: the board does not list it"
            yield self.issue("unlisted", message, level="info", url=as_text(record.get("jobUrl")) or url)
            return
        yield from super().adverts(record, answer, url)

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Places with their address, pay of the first tier, mode of work."""
        names = [as_text(record.get(key)) for key in ("department", "team")]
        mode = location_mode(record.get("workplaceType"))  # wins over `isRemote`, which hybrid posts set too
        return {
            "places": [_place(record), *map(_place, as_list(record.get("secondaryLocations")))],
            "location_mode": mode or ("remote" if record.get("isRemote") is True else None),
            "keywords": list(dict.fromkeys(name for name in names if name)),
            "money": _pay(record.get("compensation")),
        }


def _place(part: Any) -> Place | None:
    if not isinstance(part, dict):
        return place_of(raw=part)
    address = lookup(part, "address.postalAddress")
    address = as_dict(address)
    keys = ("addressLocality", "addressRegion", "addressCountry")
    return place_of(*(address.get(key) for key in keys), raw=part.get("location"))


def _pay(compensation: Any) -> Money | None:
    """The salary, not the equity or bonus beside it."""
    parts = as_list(lookup(compensation, "summaryComponents"))
    pay = next((p for p in parts if isinstance(p, dict) and p.get("compensationType") == "Salary"), {})
    raw = lookup(compensation, "scrapeableCompensationSalarySummary")
    return salary(
        pay.get("minValue"), pay.get("maxValue"), pay.get("currencyCode"), pay.get("interval"), raw=raw
    )
