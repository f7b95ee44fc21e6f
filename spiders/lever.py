"""Lever Postings API: a bare array, in pages by `skip` (github.com/lever/postings-api)."""

from typing import Any, ClassVar

from spiders.board import Board, Paths
from spiders.formats.answers import as_dict, as_list, as_text
from spiders.formats.jobparts import full_text, place_of, salary

__all__ = ["Lever"]


class Lever(Board):
    """A site: `https://api.lever.co/v0/postings/{site}?mode=json` (in the Union: `api.eu.lever.co`)."""

    name = protocol = "lever"
    QUERY: ClassVar[dict[str, str]] = {"skip": "{start}", "limit": "{size}"}
    PAGE_SIZE = 100
    MARKS = ("id", "text")
    SLUG = r"lever\.co/([^/?#]+)"
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id",),
        "title": ("text",),
        "url": ("hostedUrl", "applyUrl"),
        "published_raw": ("createdAt",),  # not documented; milliseconds since 1970
        "employment_type": ("categories.commitment",),
        "location_mode": ("workplaceType",),
    }

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Join the parts of the text, and the places; the country is that of the first one only."""
        categories = as_dict(record.get("categories"))
        location = as_text(categories.get("location"))
        names = [location, *map(as_text, as_list(categories.get("allLocations")))]
        lists = [
            (p.get("text"), f"<ul>{p.get('content')}</ul>")
            for p in as_list(record.get("lists"))
            if isinstance(p, dict)
        ]
        pay = as_dict(record.get("salaryRange"))
        body = record.get("description") or full_text(record.get("opening"), record.get("descriptionBody"))
        return {
            "html": full_text(body, lists, record.get("additional")) or record.get("descriptionPlain"),
            "places": [
                place_of(country=record.get("country") if name == location else None, raw=name)
                for name in dict.fromkeys(filter(None, names))
            ],
            "keywords": [
                k for key in ("department", "team") if (k := as_text(categories.get(key))) and k != "-"
            ],
            "money": salary(
                pay.get("min"),
                pay.get("max"),
                pay.get("currency"),
                pay.get("interval"),
                raw=record.get("salaryDescriptionPlain"),
            ),
        }
