"""What a title says: role or subject words, numbers, months. Pure functions."""

import re
from functools import lru_cache
from typing import NamedTuple

from crawler.dedup.calendar import language_code, month_numbers
from crawler.dedup.wordlists import word_list
from crawler.dedup.words import words

__all__ = ["Title", "labelled", "read_title"]

ARTICLES = word_list("articles")
"""Articles, prepositions and conjunctions: never tell two titles apart."""
ADVERT = word_list("advert")
"""Words that boards add to a job title or leave out."""
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
LABEL = re.compile(r"^(?P<label>[^:|]{1,40}?)(?:\s*[:|]\s+|\s+[-–—]\s+)(?P<rest>.+)$", re.DOTALL)
DIGITS = re.compile(r"\d+")
LABEL_WORDS = 3


class Title(NamedTuple):
    """A title, taken apart."""

    role: frozenset[str]
    """Words that name the role or subject."""
    core: frozenset[str]
    """The same without what stands in brackets."""
    numbers: frozenset[str]
    months: frozenset[int]
    languages: frozenset[str]
    """Languages named in it: a vacancy for speakers of one is not the one for speakers of another."""


@lru_cache(maxsize=32768)
def read_title(title: str, *, advert: bool) -> Title:
    """Take a title apart; `advert` drops the words that job boards add."""
    months = month_numbers()
    found = words(title)
    noise = ARTICLES | ADVERT if advert else ARTICLES

    def role(of: list[str]) -> frozenset[str]:
        kept = (w for w in of if w not in noise and w not in months and not any(c.isdigit() for c in w))
        return frozenset(kept) or frozenset(of)

    whole = role(found)
    return Title(
        role=whole,
        core=role(words(BRACKETS.sub(" ", title))) if "(" in title or "[" in title else whole,
        numbers=frozenset(n.lstrip("0") or "0" for word in found for n in DIGITS.findall(word)),
        months=frozenset(months[word] for word in found if word in months),
        languages=frozenset(code for word in found if (code := language_code(word))),
    )


@lru_cache(maxsize=8192)
def labelled(title: str, *, advert: bool) -> frozenset[str] | None:
    """Role words behind a leading label ("INSPIRE - ", "SPW: "); None without one."""
    match = LABEL.match(title.strip())
    if match is None or len(words(match["label"])) > LABEL_WORDS:
        return None
    return read_title(match["rest"], advert=advert).role
