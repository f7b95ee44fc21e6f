"""Keys under which possible repetitions of a signal are looked up. Pure functions."""

import hashlib
import re
from collections.abc import Iterable

import numpy as np
from rensa import RMinHash

from classifiers.fold import fold
from crawler.identity import canonical_url

__all__ = ["PERMUTATIONS", "content_keys", "signature", "strong_identifiers", "words"]

PERMUTATIONS = 128
SEED = 42
BANDS, ROWS = 21, 6
"""21 bands of 6 rows: a pair becomes a candidate with even odds near Jaccard (1/21)^(1/6) = 0.60."""
MIN_WORDS = 8
"""Shorter texts have too few 3-grams for an estimate."""
WORD = re.compile(r"\w+")
DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+")
UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")


def words(text: str) -> list[str]:
    """Folded words of a text, without punctuation and Markdown marks."""
    return WORD.findall(fold(text).replace("_", " "))


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def signature(text_words: list[str]) -> bytes:
    """MinHash of word 3-grams, 128 unsigned 32-bit numbers; empty for a text that is too short."""
    if len(text_words) < MIN_WORDS:
        return b""
    minhash = RMinHash(PERMUTATIONS, SEED)
    minhash.update([" ".join(text_words[i : i + 3]) for i in range(len(text_words) - 2)])
    return np.asarray(minhash.digest(), dtype=np.uint32).tobytes()


def strong_identifiers(identifiers: Iterable[str]) -> list[str]:
    """Identifiers that are unique by construction: DOI, UUID, or an address with a path; never short ids."""
    found: set[str] = set()
    for raw in identifiers:
        folded = fold(str(raw)).strip()
        special = DOI.findall(folded) or UUID.findall(folded)
        if special:
            found.update(value.rstrip(".,;)") for value in special)
        elif folded.startswith(("http://", "https://")):
            try:
                address = canonical_url(str(raw)).split("://", 1)[1]
            except ValueError:  # an address that cannot be read identifies nothing
                continue
            if address.rstrip("/").count("/"):
                found.add(address.rstrip("/"))
    return sorted(found)


def content_keys(
    kind: str, title: str, text: str, organisation: str | None, identifiers: Iterable[str], minhash: bytes
) -> list[str]:
    """All lookup keys of one signal; kinds never meet because the kind is part of each hash."""
    title_words = words(title)
    keys = [f"i:{_hash(kind, value)}" for value in strong_identifiers(identifiers)]
    body = words(text)
    if title_words or body:
        keys.append(f"x:{_hash(kind, ' '.join(title_words), ' '.join(body))}")
    if title_words and organisation:
        keys.append(f"t:{_hash(kind, ' '.join(title_words), ' '.join(words(organisation)))}")
    if minhash:
        width = ROWS * 4
        keys += [
            f"b{band}:{_hash(kind, minhash[band * width : (band + 1) * width].hex())}"
            for band in range(BANDS)
        ]
    return keys
