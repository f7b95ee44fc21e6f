"""Pinpoint: one answer lists all postings of a career site (`/postings.json`)."""

from typing import Any, ClassVar

from spiders.board import Board, Paths
from spiders.formats.answers import as_dict, as_text
from spiders.formats.jobparts import full_text, place_of, salary
from spiders.formats.recordfields import lookup

__all__ = ["Pinpoint"]

SECTIONS = ("key_responsibilities", "skills_knowledge_expertise", "benefits")


class Pinpoint(Board):
    """A career site: the source's address is `https://{company}.pinpointhq.com/postings.json`."""

    name = protocol = "pinpoint"
    LIST = "data"
    SLUG = r"//([^./]+)\.pinpointhq\.com"
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id",),
        "title": ("title",),
        "url": ("url",),
        "closes_raw": ("deadline_at",),
        "employment_type": ("employment_type", "employment_type_text"),
        "location_mode": ("workplace_type",),
        "requisition_id": ("job.requisition_id",),
    }

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Text in sections with their own headings, the place and the pay where it is shown."""
        place = as_dict(record.get("location"))
        job, pay = as_text(lookup(record, "job.id")), f"compensation_{'{}'}"
        shown = record.get("compensation_visible") is not False
        figures = [record.get(pay.format(key)) for key in ("minimum", "maximum", "currency", "frequency")]
        parts = [(record.get(f"{name}_header"), record.get(name)) for name in SECTIONS]
        words = [as_text(lookup(record, f"job.{key}"), "name") for key in ("department", "division")]
        return {
            "html": full_text(record.get("description"), parts),
            "places": [place_of(place.get("city"), place.get("province"), raw=place.get("name"))],
            "money": salary(*figures, raw=record.get("compensation")) if shown else None,
            "keywords": [word for word in words if word],
            "identifiers": [f"pinpoint:{job}"] if job else [],
        }
