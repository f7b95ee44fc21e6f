"""Recruitee careers API: one answer lists all published offers (docs.recruitee.com/reference/offers)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from crawler.items import Issue, Signal
from crawler.normalise.text import plain_text
from spiders.board import Board, BoardParams, Paths
from spiders.formats.answers import as_dict, as_list, as_text
from spiders.formats.jobparts import full_text, place_of, salary

__all__ = ["Recruitee"]


class RecruiteeParams(BoardParams):
    """Parameters of a Recruitee board."""

    variants: bool = False
    """Read each language of an offer as an advert of its own; they share an identifier."""


class Recruitee(Board):
    """A company: `https://{company}.recruitee.com/api/offers/`, or the same path on its own domain."""

    name = protocol = "recruitee"
    Params = RecruiteeParams
    LIST, ONE = "offers", "offer"
    MARKS = ("id", "slug")
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id",),
        "title": ("title",),
        "url": ("careers_url", "careers_apply_url"),
        "published_raw": ("published_at", "created_at"),
        "updated_raw": ("updated_at",),
        "closes_raw": ("close_at",),
        "organisation.name": ("company_name",),
        "employment_type": ("employment_type_code",),
    }

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Text with its requirements, the places, the pay, the language the text is in."""
        pay = as_dict(record.get("salary"))
        places = [
            place_of(
                part.get("city") or part.get("name"),
                part.get("state"),
                part.get("country_code") or part.get("country"),
            )
            for part in as_list(record.get("locations"))
            if isinstance(part, dict)
        ]
        whole = place_of(
            record.get("city"),
            record.get("state_name"),
            record.get("country_code"),
            raw=record.get("location"),
        )
        modes = ("hybrid", "remote", "on_site")
        words = [as_text(record.get(key)) for key in ("department", "category_code")]
        return {
            "html": full_text(record.get("description"), record.get("requirements")),
            "language_declared": _language(record),
            "places": [p for p in places if p] or [whole],
            "location_mode": next((mode for mode in modes if record.get(mode) is True), None),
            "keywords": [word for word in [*words, *map(as_text, as_list(record.get("tags")))] if word],
            "money": salary(pay.get("min"), pay.get("max"), pay.get("currency"), pay.get("period")),
            "identifiers": [f"recruitee:{record['guid']}"] if record.get("guid") else [],
        }

    def adverts(self, record: Any, answer: Any, url: str) -> Iterator[Signal | Issue]:
        """Yield the offer, and with `variants` its other languages."""
        for found in super().adverts(record, answer, url):
            yield found
            if isinstance(found, Signal) and self.params.variants:
                yield from _variants(found, record)


def _language(record: dict[str, Any]) -> str | None:
    """The language whose translation is the offer's own title and text; None where several may be.

    Titles alone do not tell: "Data Engineer" is the title in many languages.
    """
    title, text = as_text(record.get("title")), _words(record.get("description"))
    same, untold = [], []
    for language, part in _translations(record).items():
        stated, other = as_text(part.get("title")), _words(part.get("description"))
        if stated not in (None, title):
            continue
        if text and other == text:
            same.append(language)
        elif stated and not (text and other):
            untold.append(language)
    fitting = same or untold
    return fitting[0] if len(fitting) == 1 else None


def _words(fragment: Any) -> list[str]:
    return plain_text(as_text(fragment)).split()


def _translations(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    table = record.get("translations")
    pairs = table.items() if isinstance(table, dict) else ()
    filled = ("title", "description")
    return {
        name: text
        for name, text in pairs
        if isinstance(text, dict) and any(as_text(text.get(k)) for k in filled)
    }


def _variants(advert: Signal, record: dict[str, Any]) -> Iterator[Signal]:
    for language, text in _translations(record).items():
        if language != advert.language_declared:
            body = full_text(text.get("description"), text.get("requirements"))
            yield replace(
                advert,
                native_id=f"{advert.native_id}:{language}",
                title=as_text(text.get("title")) or advert.title,
                html=body,
                language_declared=language,
            )
