"""Lay two records side by side: what is compared more than once is worked out once. Pure functions."""

from functools import lru_cache
from typing import NamedTuple

from crawler.dedup.keys import holds
from crawler.dedup.names import Agreement, bodies, places
from crawler.dedup.record import Record, similarity
from crawler.dedup.titles import labelled, read_title
from crawler.dedup.wordlists import word_list
from crawler.dedup.words import words

__all__ = ["ADVERT", "DATASET", "MONEY", "Pair", "compare", "levels_differ", "telling", "titles", "unlike"]

ADVERT, DATASET, MONEY = "job_advert", "dataset", "money"
LEVELS = word_list("levels")
"""Words of rank."""
CUT = 0.93
"""Share of the shorter text found in the longer one from which the shorter counts as cut out of it."""


class Pair(NamedTuple):
    """Two records with everything that is compared more than once."""

    a: Record
    b: Record
    nature: str
    """Group of the two; where no kind is given, what their fields speak for."""
    alike: float
    """Estimated Jaccard similarity of the texts."""
    inside: float
    """Share of the shorter text that the longer one holds."""
    extra: tuple[float, float]
    """Share of the shorter and of the longer text that the other does not hold."""
    title: str | None
    """`equal`, `labelled`, `within`, `overlap` or None."""
    body: Agreement
    place: Agreement
    gap: int | None
    """Days between the publications."""
    boards: bool | None
    """Whether they were published on different boards; None where it is not known."""

    @property
    def advert(self) -> bool:
        """Whether these are job adverts."""
        return self.nature == ADVERT

    @property
    def cut(self) -> bool:
        """Whether one text is a cut version of the other: the shorter holds next to nothing of its own."""
        return self.inside >= CUT and self.extra[1] > 2 * self.extra[0]


NOTHING: frozenset[str] = frozenset()


@lru_cache(maxsize=32768)
def _named(organisation: str | None, place: str | None) -> frozenset[str]:
    """Words of the names of a record's employer and town."""
    return frozenset(words(f"{organisation or ''} {place or ''}"))


def nature(a: Record, b: Record) -> str:
    """Group of two records; without a kind, sums and recipients speak for money, places for adverts."""
    if a.group in {ADVERT, DATASET, MONEY}:
        return a.group
    if any(value is not None for value in (a.amount, b.amount, a.recipient, b.recipient)):
        return MONEY
    return ADVERT if a.place and b.place else ""


def titles(a: Record, b: Record, *, advert: bool) -> str | None:
    """Compare two titles: `equal`, `labelled` (a leading label on one), `within`, `overlap` or None."""
    left, right = read_title(a.title, advert=advert), read_title(b.title, advert=advert)
    if not left.role or not right.role:
        return None
    if left.role == right.role:
        return "equal"
    known = _named(a.organisation, a.place) | _named(b.organisation, b.place) if advert else NOTHING
    if known and left.role - known and left.role - known == right.role - known:
        return "equal"  # boards put the employer or the town into the title
    one_bracket = (left.core != left.role) != (right.core != right.role)
    if advert and one_bracket and left.core - known == right.core - known != frozenset():
        return "equal"
    if labelled(a.title, advert=advert) == right.role or labelled(b.title, advert=advert) == left.role:
        return "labelled"
    if left.role < right.role or right.role < left.role:
        return "within"
    return "overlap" if left.role & right.role else None


def levels_differ(a: Record, b: Record, *, advert: bool) -> bool:
    """Whether only one of two titles names a rank: no text need repeat that a vacancy is for a trainee."""
    return bool(LEVELS & (read_title(a.title, advert=advert).role ^ read_title(b.title, advert=advert).role))


def telling(a: Record, b: Record, *, advert: bool) -> bool:
    """Whether the words that only one of two titles has tell two instances apart.

    The subject of an instance stands in its own text and not in that of the other one; what a board puts into a
    title ("urgent", "CSV", the town, another name of the same role) stands in both texts or in none.
    """
    left, right = read_title(a.title, advert=advert), read_title(b.title, advert=advert)
    known = _named(a.organisation, a.place) | _named(b.organisation, b.place)
    sides = ((left, right, a, b), (right, left, b, a))
    return any(
        holds(own.lexis, word) and not holds(other.lexis, word)
        for title, against, own, other in sides
        for word in (title.role - against.role - known) | (title.numbers - against.numbers)
    ) or levels_differ(a, b, advert=advert)


def unlike(a: Record, b: Record) -> bool:
    """Whether two titles alone rule out that these are the same; they have only similar texts in common.

    A shortcut for the members of large families of one template: what it rules out, the whole decision would.
    """
    advert = a.group == ADVERT
    if titles(a, b, advert=advert) in {"equal", "labelled"}:
        return False
    other_board = bool(a.board and b.board and a.board != b.board)
    return (
        not other_board or bodies(a.organisation, b.organisation) == "differ" or telling(a, b, advert=advert)
    )


def compare(a: Record, b: Record, alike: float | None = None) -> Pair:
    """Work out once what the rules look at; the order of the two does not matter.

    `alike` is their estimated similarity where it is known already.
    """
    alike = similarity(a, b) if alike is None else alike
    kind = nature(a, b)
    shorter, longer = sorted((a.size, b.size))
    shared = min(alike * (a.size + b.size) / (1 + alike), shorter)
    return Pair(
        a=a, b=b, nature=kind, alike=alike, inside=shared / max(1, shorter),
        extra=(1 - shared / max(1, shorter), 1 - shared / max(1, longer)),
        title=titles(a, b, advert=kind == ADVERT), body=bodies(a.organisation, b.organisation),
        place=places(a.place, b.place, a.country, b.country),
        gap=abs(a.day - b.day) if a.day and b.day else None,
        boards=a.board != b.board if a.board and b.board else None,
    )  # fmt: skip
