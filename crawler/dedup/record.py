"""What the decision needs of a signal; the text itself is not kept, so that a million fit into memory."""

from dataclasses import dataclass

import numpy as np

from crawler.dedup.keys import PERMUTATIONS

__all__ = ["Record", "similarities", "similarity"]


@dataclass(slots=True, frozen=True, kw_only=True)
class Record:
    """One signal as the decision sees it. Missing values never count as a difference."""

    id: str
    kind: str = ""
    """Kind of signal; `group` says which kinds are compared."""
    group: str = ""
    title: str = ""
    minhash: bytes = b""
    """128 unsigned 16-bit numbers; empty for a text that is too short."""
    size: int = 0
    """Words of the text, for containment."""
    exact: int = 0
    """Hash of the folded title and text."""
    references: int = 0
    """Dates and long numbers of the text as bits of one word (a small Bloom filter)."""
    lexis: int = 0
    """Words of the text as bits of one number (a Bloom filter with one hash)."""
    language: str | None = None
    organisation: str | None = None
    place: str | None = None
    country: str | None = None
    page: int = 0
    """Hash of the address without its language part; 0 where it is missing or only a host."""
    page_language: str | None = None
    """Language part of the address."""
    board: str | None = None
    """Host of the address, else the source: where it was published."""
    day: int | None = None
    """Publication date as a day number (proleptic Gregorian ordinal)."""
    date: str | None = None
    """Publication date as text, for the choice of the canonical member."""
    recipient: str | None = None
    amount: float | None = None
    currency: str | None = None
    identifiers: frozenset[str] = frozenset()
    """Unique by construction: DOI, UUID, addresses."""
    references_given: frozenset[str] = frozenset()
    """Other identifiers, unique only within one publisher: call and grant references."""
    requisition: str | None = None


def similarity(a: Record, b: Record) -> float:
    """Estimated Jaccard similarity of the word 3-grams; 0 where one text is too short."""
    return float(similarities(a, [b])[0])


def similarities(record: Record, others: list[Record]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Estimated similarity of one text to many."""
    result = np.zeros(len(others))
    if not record.minhash:
        return result
    known = [index for index, other in enumerate(others) if other.minhash]
    if known:
        own = np.frombuffer(record.minhash, np.uint16)
        table = np.frombuffer(b"".join(others[index].minhash for index in known), np.uint16)
        equal = table.reshape(len(known), PERMUTATIONS) == own
        result[known] = equal.sum(axis=1) / PERMUTATIONS
    return result
