"""Whether two names may mean the same body or the same place. Pure functions."""

import re
from functools import lru_cache
from typing import Literal

from crawler.dedup.wordlists import word_list
from crawler.dedup.words import words
from crawler.normalise.places import City, country_code, find_city

__all__ = ["Agreement", "bodies", "lead", "name_words", "places"]

Agreement = Literal["equal", "agree", "related", "differ", "unknown"]

ARTICLES = word_list("articles")
LEGAL = word_list("legal")
"""Legal forms, short and spelled out: written or left out at will."""
COMMON = word_list("common")
"""First words that many bodies share."""
ANYWHERE = word_list("anywhere")
SPLIT = re.compile(r"[,;/|()]|\s[-–]\s")


@lru_cache(maxsize=8192)
def name_words(name: str | None) -> tuple[str, ...]:
    """Words of a name that tell bodies apart, in order."""
    found = [w for w in words(name or "") if len(w) > 1]
    return tuple(w for w in found if w not in LEGAL) or tuple(found)


def lead(name: str | None) -> str:
    """The first word of a name that not every second body begins with; empty without a name."""
    found = name_words(name)
    return next((w for w in found if w not in COMMON), found[0] if found else "")


@lru_cache(maxsize=8192)
def bodies(a: str | None, b: str | None) -> Agreement:
    """Compare two names of organisations.

    `agree`: one is contained in the other or its initials, or they differ in spacing; `related`: they share a
    distinctive word (two firms of one group, or one body written in two ways).
    """
    left, right = name_words(a), name_words(b)
    if not left or not right:
        return "unknown"
    if set(left) == set(right):
        return "equal"
    if set(left) <= set(right) or set(right) <= set(left) or "".join(left) == "".join(right):
        return "agree"
    if initials(left) == "".join(right) or initials(right) == "".join(left):
        return "agree"
    if any(len(word) > 3 and word not in COMMON for word in set(left) & set(right)):
        return "related"
    return "differ"


def initials(of: tuple[str, ...]) -> str:
    """The short form of a name of three words or more; empty for a shorter name."""
    return "".join(word[0] for word in of if word not in ARTICLES) if len(of) > 2 else ""


@lru_cache(maxsize=8192)
def _place(
    place: str | None, country: str | None
) -> tuple[frozenset[str], frozenset[str], str | None, City | None]:
    """Words of the first part, all words, the country where it is named, the city where it is known."""
    parts = [part.strip() for part in SPLIT.split(place or "") if part.strip()]
    codes = [country_code(part) for part in parts]
    code = next((c for c in codes if c), None)
    local = [p for p, c in zip(parts, codes, strict=True) if c is None and not ANYWHERE.issuperset(words(p))]
    if not local:
        return frozenset(), frozenset(), code, None
    city = find_city(local[0], country or code)
    return frozenset(words(local[0])), frozenset(w for p in local for w in words(p)), code, city


def places(a: str | None, b: str | None, country_a: str | None, country_b: str | None) -> Agreement:
    """Compare two places; a country, "remote" or nothing at all goes with every place of that country."""
    first_a, all_a, code_a, city_a = _place(a, country_a)
    first_b, all_b, code_b, city_b = _place(b, country_b)
    land_a, land_b = country_a or code_a, country_b or code_b
    if land_a and land_b and land_a != land_b and "EU" not in (land_a, land_b):
        return "differ"
    if not first_a or not first_b:
        return "unknown"
    if first_a == first_b or (city_a and city_a == city_b):
        return "equal"
    if first_a <= all_b or first_b <= all_a or "".join(sorted(first_a)) == "".join(sorted(first_b)):
        return "agree"
    return "differ"
