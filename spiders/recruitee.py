"""Recruitee careers API: one answer lists all published offers (docs.recruitee.com/reference/offers)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from crawler.items import Issue, Signal
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
    """The language whose translation is the offer's own text."""
    translations = _translations(record)
    own = (language for language, text in translations.items() if text.get("title") == record.get("title"))
    return next(own, None)


def _translations(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    table = record.get("translations")
    pairs = table.items() if isinstance(table, dict) else ()
    return {name: text for name, text in pairs if isinstance(text, dict) and as_text(text.get("title"))}


def _variants(advert: Signal, record: dict[str, Any]) -> Iterator[Signal]:
    for language, text in _translations(record).items():
        if language != advert.language_declared:
            body = full_text(text.get("description"), text.get("requirements"))
            yield replace(
                advert,
                native_id=f"{advert.native_id}:{language}",
                title=as_text(text["title"]) or "",
                html=body,
                language_declared=language,
            )
