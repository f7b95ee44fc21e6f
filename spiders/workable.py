"""Workable's widget API: one answer lists an account (help.workable.com, "careers page widget")."""

from typing import Any, ClassVar

from scrapy.http import Response

from crawler.items import Organisation, Place
from spiders.board import Board, Paths
from spiders.formats.answers import as_list, as_text
from spiders.formats.jobparts import place_of

__all__ = ["Workable"]


class Workable(Board):
    """An account: `https://apply.workable.com/api/v1/widget/accounts/{account}?details=true`."""

    name = protocol = "workable"
    LIST = "jobs"
    FIELDS: ClassVar[Paths] = {
        "native_id": ("shortcode",),
        "title": ("title",),
        "url": ("url", "shortlink", "application_url"),
        "html": ("description",),
        "published_raw": ("published_on", "created_at"),
        "employment_type": ("employment_type",),
        "requisition_id": ("code",),
    }

    def records(self, answer: Any, response: Response) -> list[Any]:
        """A job in several places is listed once for each, under one short code: these are one advert."""
        merged: dict[Any, Any] = {}
        for number, record in enumerate(super().records(answer, response)):
            code = as_text(record.get("shortcode")) if isinstance(record, dict) else None
            known = merged.setdefault(code or number, record)
            if known is not record:
                merged[code] = {**known, "locations": [*_places(known), *_places(record)]}
        return list(merged.values())

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Places; the account names the employer."""
        name = as_text(answer.get("name")) if isinstance(answer, dict) else None
        words = [as_text(record.get(key)) for key in ("department", "function", "industry")]
        return {
            "organisation": Organisation(name=name) if name else None,
            # the employer does not show where these are
            "places": [_place(part) for part in _places(record) if part.get("hidden") is not True],
            "location_mode": "remote" if record.get("telecommuting") is True else None,
            "keywords": [word for word in words if word],
        }


def _places(record: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [part for part in as_list(record.get("locations")) if isinstance(part, dict)]
    return parts or [{**record, "region": record.get("state")}]


def _place(part: dict[str, Any]) -> Place | None:
    return place_of(part.get("city"), part.get("region"), part.get("countryCode") or part.get("country"))
