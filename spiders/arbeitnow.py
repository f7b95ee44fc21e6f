"""Arbeitnow's job board API: pages of a hundred, the newest first (arbeitnow.com/api/job-board-api)."""

from typing import Any, ClassVar

from spiders.board import Board, Paths
from spiders.formats.answers import as_list, as_text
from spiders.formats.jobparts import place_of
from spiders.formats.recordfields import lookup

__all__ = ["Arbeitnow"]


class Arbeitnow(Board):
    """The board: the source's address is `https://www.arbeitnow.com/api/job-board-api`."""

    name = protocol = "arbeitnow"
    ONE_EMPLOYER = False
    LIST = "data"
    QUERY: ClassVar[dict[str, str]] = {
        "page": "{number}"
    }  # `links.next` is not followed: it carries a search term of its own
    PAGE_SIZE = 100
    FIELDS: ClassVar[Paths] = {
        "native_id": ("slug",),
        "title": ("title",),
        "url": ("url",),
        "html": ("description",),
        "published_raw": ("created_at",),  # seconds since 1970
        "organisation.name": ("company_name",),
        "keywords": ("tags",),
    }

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Place, mode, and the types of contract, of which there may be several."""
        return {
            "places": [place_of(raw=record.get("location"))],
            "location_mode": "remote" if record.get("remote") is True else None,
            "employment_type": [word for part in as_list(record.get("job_types")) if (word := as_text(part))],
        }

    def has_more(self, answer: Any, received: int, held: int) -> bool:
        """The answer says whether a page follows."""
        return received > 0 and bool(lookup(answer, "links.next"))
