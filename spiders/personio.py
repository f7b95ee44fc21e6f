"""Personio's XML feed of a company's positions (developer.personio.de/docs/retrieving-open-job-positions)."""

from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from spiders.board import Paths
from spiders.formats.answers import as_list, as_text
from spiders.formats.jobparts import full_text, place_of
from spiders.formats.recordfields import lookup
from spiders.xmlboard import XmlBoard

__all__ = ["Personio"]


class Personio(XmlBoard):
    """A company: `https://{company}.jobs.personio.de/xml?language=de` (also `.com`); some switch it off."""

    name = protocol = "personio"
    ELEMENT = "position"
    SLUG = r"//([^./]+)\.jobs\.personio\."
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id",),
        "title": ("name",),  # the position's own name; each part of the description has one too
        "published_raw": ("createdAt",),
        "organisation.name": ("subcompany",),
    }

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """The feed holds no addresses: a position lies below `/job/`. The text comes in named parts."""
        parts = [p for p in as_list(lookup(record, "jobDescriptions.jobDescription")) if isinstance(p, dict)]
        offices = [record.get("office"), *as_list(lookup(record, "additionalOffices.office"))]
        words = [as_text(record.get(k)) for k in ("department", "recruitingCategory", "occupationCategory")]
        site, tags = urlsplit(url), (as_text(record.get("keywords")) or "").split(",")
        return {
            "url": f"{site.scheme}://{site.netloc}/job/{as_text(record.get('id'))}",
            "html": full_text([(part.get("name"), part.get("value")) for part in parts]),
            "language_declared": next(iter(parse_qs(site.query).get("language", [])), None),
            "places": [place_of(raw=office) for office in offices],
            "employment_type": [record.get("employmentType"), record.get("schedule")],
            "keywords": [word for word in [*words, *map(str.strip, tags)] if word],
        }
