"""SmartRecruiters posting API: pages of postings, each text in an answer of its own.

Documentation: developers.smartrecruiters.com. An unknown company answers 200 with an empty list.
"""

from typing import Any, ClassVar

from scrapy import Request

from crawler.items import Signal
from spiders.board import Board, Paths
from spiders.formats.answers import as_dict, as_text
from spiders.formats.jobparts import full_text, place_of
from spiders.formats.recordfields import lookup

__all__ = ["SmartRecruiters"]

SECTIONS = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")


class SmartRecruiters(Board):
    """A company: the source's address is `https://api.smartrecruiters.com/v1/companies/{company}/postings`."""

    name = protocol = "smartrecruiters"
    LIST, TOTAL = "content", "totalFound"
    QUERY: ClassVar[dict[str, str]] = {"offset": "{start}", "limit": "{size}"}
    PAGE_SIZE = 100
    MARKS = ("id", "name", "company")
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id",),
        "title": ("name",),
        "url": ("postingUrl",),
        "published_raw": ("releasedDate",),
        "language_declared": ("language.code",),
        "organisation.name": ("company.name",),
        "requisition_id": ("refNumber",),
        "employment_type": ("typeOfEmployment.label", "typeOfEmployment.id"),
    }

    def detail(self, advert: Signal) -> Request | None:
        """The list holds no text."""
        return self.detail_request(f"{self.source.url.split('?')[0].rstrip('/')}/{advert.native_id}", advert)

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Text in sections, the place, and a public address where the answer has none."""
        sections = lookup(record, "jobAd.sections")
        sections = as_dict(sections)
        parts = [sections[name] for name in SECTIONS if isinstance(sections.get(name), dict)]
        place = as_dict(record.get("location"))
        words = [as_text(record.get(key), "label") for key in ("department", "function", "industry")]
        company, job = as_text(lookup(record, "company.identifier")), as_text(record.get("jobId"))
        public = f"https://jobs.smartrecruiters.com/{company}/{as_text(record.get('id'))}"
        return {
            "url": as_text(record.get("postingUrl")) or (public if company else None),
            "html": full_text([(part.get("title"), part.get("text")) for part in parts]),
            "places": [
                place_of(
                    place.get("city"),
                    place.get("region"),
                    place.get("country"),
                    lat=place.get("latitude"),
                    lon=place.get("longitude"),
                )
            ],
            "location_mode": next((mode for mode in ("hybrid", "remote") if place.get(mode) is True), None),
            "keywords": [word for word in words if word],
            "identifiers": [f"smartrecruiters:{job}"] if job else [],
        }
