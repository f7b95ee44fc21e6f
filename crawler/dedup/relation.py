"""Decide what two signals are to each other: the same thing, two of a series, or neither. Pure functions."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from crawler.dedup.calendar import month_numbers
from crawler.dedup.keys import PERMUTATIONS, words

__all__ = ["Record", "Relation", "relate", "similarity"]

SAME, LIKELY, TEMPLATE = 0.8, 0.5, 0.6
"""Jaccard of word 3-grams: enough with an equal title; enough with title, organisation and place; a template."""
NOISE = frozenset(
    [
        "m",
        "w",
        "d",
        "f",
        "h",
        "x",
        "mwd",
        "mfd",
        "hf",
        "fh",
        "all",
        "genders",
        "gn",
        "a",
        "an",
        "and",
        "the",
        "of",
        "for",
        "in",
        "at",
        "to",
        "de",
        "der",
        "die",
        "das",
        "und",
        "la",
        "le",
        "les",
        "et",
        "du",
        "el",
        "los",
        "y",
        "en",
        "van",
        "het",
        "een",
        "the",
        "i",
        "w",
        "z",
        "na",
        "do",
        "og",
        "i",
        "och",
        "urgent",
        "new",
        "remote",
        "hybrid",
        "fulltime",
        "parttime",
        "vollzeit",
        "teilzeit",
    ]
)
"""Title words that never tell two posts apart."""
LEGAL = frozenset(
    [
        "ab",
        "ag",
        "as",
        "asbl",
        "bv",
        "bvba",
        "co",
        "ev",
        "gmbh",
        "inc",
        "kft",
        "llc",
        "ltd",
        "limited",
        "nv",
        "oy",
        "plc",
        "sa",
        "sarl",
        "sas",
        "se",
        "sia",
        "spa",
        "srl",
        "uab",
        "vzw",
    ]
)
"""Legal forms: spelled or left out at will."""


class Relation(NamedTuple):
    """What two records are to each other, and why."""

    kind: str | None
    reason: str


@dataclass(slots=True, frozen=True, kw_only=True)
class Record:
    """What the decision needs of a signal; the text itself is not kept."""

    id: str
    kind: str = ""
    title: str = ""
    minhash: bytes = b""
    size: int = 0
    """Words of the text, for containment."""
    exact: str = ""
    """Key of the folded title and text."""
    language: str | None = None
    organisation: str | None = None
    place: str | None = None
    country: str | None = None
    url: str | None = None
    date: str | None = None
    recipient: str | None = None
    amount: float | None = None
    currency: str | None = None
    identifiers: frozenset[str] = frozenset()
    requisition: str | None = None


def similarity(a: Record, b: Record) -> float:
    """Estimated Jaccard similarity of the texts; 0 where one is too short."""
    if not a.minhash or not b.minhash:
        return 0.0
    left, right = np.frombuffer(a.minhash, np.uint32), np.frombuffer(b.minhash, np.uint32)
    return int((left == right).sum()) / PERMUTATIONS


@lru_cache(maxsize=65536)
def _title(title: str) -> tuple[frozenset[str], frozenset[str], frozenset[int]]:
    """Role words, numbers and months of a title."""
    months = month_numbers()
    found = words(title)
    numbers = frozenset(n.lstrip("0") or "0" for word in found for n in re.findall(r"\d+", word))
    named = frozenset(months[word] for word in found if word in months)
    role = frozenset(
        w for w in found if w not in NOISE and w not in months and not any(c.isdigit() for c in w)
    )
    return role, numbers, named


@lru_cache(maxsize=65536)
def _name(name: str | None) -> frozenset[str]:
    return frozenset(w for w in words(name or "") if w not in LEGAL and len(w) > 1)


def _compatible(a: str | None, b: str | None) -> bool:
    """Whether two names may mean the same body or place: one is missing or contained in the other."""
    left, right = _name(a), _name(b)
    if not left or not right or left <= right or right <= left:
        return True
    return "".join(words(a or "")) == "".join(words(b or ""))


def _conflict(a: Record, b: Record) -> str | None:
    """The first thing that tells the two apart as instances."""
    role_a, numbers_a, months_a = _title(a.title)
    role_b, numbers_b, months_b = _title(b.title)
    one_sided_counts = a.kind != "job_advert"  # adverts may carry a reference number on one board only
    if numbers_a != numbers_b and (one_sided_counts or (numbers_a - numbers_b and numbers_b - numbers_a)):
        return "numbers in the title differ"
    if months_a != months_b:
        return "months in the title differ"
    if a.requisition and b.requisition and words(a.requisition) != words(b.requisition):
        return "requisition differs"
    if not _compatible(a.recipient, b.recipient):
        return "recipient differs"
    if (
        a.amount is not None
        and b.amount is not None
        and a.kind != "job_advert"
        and a.currency == b.currency
        and a.amount != b.amount
    ):
        return "amount differs"
    if a.kind == "award" and a.date and b.date and a.date[:10] != b.date[:10]:
        return "award date differs"
    if a.country and b.country and a.country != b.country and "EU" not in (a.country, b.country):
        return "country differs"
    if (
        not _compatible(a.place, b.place)
        and a.place not in (a.country, "")
        and b.place not in (b.country, "")
    ):
        return "place differs"
    if not _compatible(a.organisation, b.organisation) and a.kind != "dataset":
        return "organisation differs"  # a harvested dataset names the catalogue as its publisher
    if role_a - role_b and role_b - role_a:
        return "title words differ"
    return None


def relate(a: Record, b: Record) -> Relation:
    """Decide from all evidence together; symmetric in its arguments.

    Near-identical text alone never makes two signals the same: it is usually a template.
    """
    if a.kind != b.kind or a.id == b.id:
        return Relation(None, "not comparable")
    alike = similarity(a, b)
    conflict = _conflict(a, b)
    if conflict:
        if alike >= TEMPLATE:
            return Relation("series", f"same template; {conflict}")
        return Relation(None, conflict)
    role_a, role_b = _title(a.title)[0], _title(b.title)[0]
    equal_title = role_a == role_b and bool(role_a)
    known_body = bool(_name(a.organisation) and _name(b.organisation))
    if a.identifiers & b.identifiers and (equal_title or a.language != b.language):
        return Relation("same", "shared identifier")
    if a.requisition and b.requisition and known_body:
        return Relation("same", "same requisition and organisation")
    if a.exact and a.exact == b.exact and (a.minhash or (known_body and a.kind != "award")):
        return Relation("same", "same title and text")
    related_title = equal_title or (bool(role_a and role_b) and (role_a <= role_b or role_b <= role_a))
    if alike >= SAME and related_title:
        return Relation("same", "same text; titles agree")
    inner = alike * (a.size + b.size) / (1 + alike)
    contained = inner / max(1, min(a.size, b.size)) if alike else 0.0
    if equal_title and known_body and (alike >= LIKELY or contained >= SAME):
        return Relation("same", "title and organisation agree; most of the text too")
    return Relation(None, "too little evidence")
