"""Remotive's API: one list, a day late; four calls a day (github.com/remotive-com/remote-jobs-api)."""

from typing import Any, ClassVar

from spiders.board import Board, Paths
from spiders.formats.jobparts import place_of, salary

__all__ = ["Remotive"]


class Remotive(Board):
    """The board: the source's address is `https://remotive.com/api/remote-jobs`."""

    name = protocol = "remotive"
    ONE_EMPLOYER = False
    LIST, TOTAL = "jobs", "job-count"
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id",),
        "title": ("title",),
        "url": ("url",),
        "html": ("description",),
        "published_raw": ("publication_date",),
        "organisation.name": ("company_name",),
        "employment_type": ("job_type",),
        "keywords": ("tags",),
    }

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """All are remote; the place is where applicants may live."""
        place = place_of(raw=record.get("candidate_required_location"))
        return {"location_mode": "remote", "places": [place], "money": salary(raw=record.get("salary"))}
