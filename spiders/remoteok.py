"""Remote OK's API: a legal notice and the newest adverts (remoteok.com/api; to be named and linked)."""

from typing import Any, ClassVar

from scrapy.http import Response

from crawler.items import Place
from spiders.board import Board, Paths
from spiders.formats.jobparts import place_of, salary

__all__ = ["RemoteOk"]


class RemoteOk(Board):
    """The board: `https://remoteok.com/api`. Absence is no removal: the list is a window."""

    name = protocol = "remoteok"
    ONE_EMPLOYER = False
    complete_listing = False
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id", "slug"),
        "title": ("position",),
        "url": ("url", "apply_url"),
        "html": ("description",),
        "published_raw": ("date", "epoch"),
        "organisation.name": ("company",),
        "keywords": ("tags",),
    }

    def records(self, answer: Any, response: Response) -> list[Any]:
        """The first element is no advert but a legal notice."""
        found = super().records(answer, response)
        return [
            part for part in found if not (isinstance(part, dict) and "legal" in part and "id" not in part)
        ]

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """All are remote; the place is where applicants may live."""
        place: Place | None = place_of(raw=record.get("location"))
        pay = salary(record.get("salary_min"), record.get("salary_max"), "USD", "year")
        return {"location_mode": "remote", "places": [place], "money": pay}
