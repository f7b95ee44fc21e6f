"""Keys under which possible repetitions of a signal are looked up. Pure functions."""

import re
from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import parse_qsl, urlsplit
from zlib import crc32

import numpy as np
from rensa import RMinHash

from classifiers.fold import fold
from crawler.dedup.wordlists import word_list
from crawler.identity import canonical_url

__all__ = [
    "PERMUTATIONS",
    "content_keys",
    "digest",
    "holds",
    "lexis",
    "page_of",
    "signature",
    "strong_identifiers",
]

PERMUTATIONS = 128
SEED = 42
BANDS, ROWS = 18, 7
"""18 bands of 7 rows: a pair is looked at with probability 0.99 at Jaccard 0.8, 0.78 at 0.7, 0.40 at 0.6."""
WIDTH = ROWS * 2
"""Bytes of one band."""
MIN_WORDS = 8
"""Shorter texts have too few 3-grams for an estimate."""
LEXIS_BITS = 1024
"""A text of 300 words fills a sixth: one word in six that it does not hold seems to be there."""
DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+")
UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")
LANGUAGES = word_list("languages")
LANGUAGE_PARAMETERS = frozenset({"lang", "language", "locale", "l", "lg"})


def digest(*parts: str) -> int:
    """64-bit hash of texts."""
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).digest())


def signature(text_words: list[str]) -> bytes:
    """MinHash of word 3-grams: 128 unsigned 16-bit numbers; empty for a text that is too short.

    The lower half of each 32-bit minimum is kept: two different minima agree in it once in 65,536 times,
    which is far below the error of the estimate, and it halves the memory.
    """
    if len(text_words) < MIN_WORDS:
        return b""
    minhash = RMinHash(PERMUTATIONS, SEED)
    grams = zip(text_words, text_words[1:], text_words[2:], strict=False)
    minhash.update(list(map(" ".join, grams)))
    return np.array(minhash.digest(), dtype=np.uint32).astype(np.uint16).tobytes()


def lexis(text_words: list[str]) -> int:
    """The different words of a text as bits of one number: a Bloom filter with one hash."""
    different = set(text_words)
    hashes = np.fromiter(map(crc32, map(str.encode, different)), np.uint32, len(different))
    bits = np.zeros(LEXIS_BITS, np.bool_)
    bits[hashes % LEXIS_BITS] = True
    return int.from_bytes(np.packbits(bits, bitorder="little").tobytes(), "little")


def holds(bits: int, word: str) -> bool:
    """Whether a text may hold a word; sometimes yes for one it does not hold, never no for one it does."""
    return bool(bits >> (crc32(word.encode()) % LEXIS_BITS) & 1)


def page_of(url: str | None) -> tuple[int, str | None, str | None]:
    """Hash of an address without its language part, that language, and the host.

    The hash is 0 for an address without a path or query of its own: many signals share a home page.
    """
    if not url or "://" not in url:
        return 0, None, None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # an address that cannot be read identifies nothing
        return 0, None, None
    language: str | None = None
    segments = []
    for segment in parts.path.split("/"):
        folded = segment.lower()
        if folded.split("-")[0] in LANGUAGES and len(folded) in (2, 5):
            language, segment = language or folded[:2], "*"
        segments.append(segment)
    query = []
    for name, value in sorted(parse_qsl(parts.query)):
        if name.lower() in LANGUAGE_PARAMETERS and value.lower()[:2] in LANGUAGES:
            language, value = language or value.lower()[:2], "*"
        query.append(f"{name}={value}")
    path = "/".join(segments).strip("/")
    if not path.replace("*", "") and not query:
        return 0, language, host
    return digest(host, path, *query, parts.fragment), language, host


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
    group: str,
    role: Iterable[str],
    body: str,
    identifiers: Iterable[str],
    minhash: bytes,
    page: int,
    exact: int,
) -> list[str]:
    """All lookup keys of one signal, a letter and 16 hexadecimal digits each; groups of kinds never meet.

    Args:
        group: kinds that are compared with each other.
        role: role or subject words of the title.
        body: first distinctive word of the organisation's name: the rest is spelled in many ways.
        identifiers: as the source gives them.
        minhash: signature of the text.
        page: hash of the address without its language part, 0 for none.
        exact: hash of title and text, 0 for none.

    """
    keys = [f"i{digest('i', group, value):016x}" for value in strong_identifiers(identifiers)]
    if exact:
        keys.append(f"x{exact:016x}")
    if body and (title := " ".join(sorted(role))):
        keys.append(f"t{digest('t', group, title, body):016x}")
    if page:
        keys.append(f"u{digest('u', group, str(page)):016x}")
    start = f"{group}\0".encode()
    for band in range(BANDS if minhash else 0):
        rows = minhash[band * WIDTH : (band + 1) * WIDTH]
        keys.append("b" + blake2b(start + bytes([band]) + rows, digest_size=8).hexdigest())
    return keys
