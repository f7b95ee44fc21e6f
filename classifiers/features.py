"""From a record to numbers: concept counts that carry over between languages and sources.

The block is counted in concepts, not in words, so what is learnt from one language holds in another.
Source names and addresses never become features.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import numpy as np

from classifiers.fold import fold_with_offsets
from classifiers.lexicon import Lexicon, Match

__all__ = ["KINDS", "Reading", "feature_names", "read", "vector"]

KINDS = ("job_advert", "dataset", "funding", "post", "organisation")
_KIND_GROUP = {
    "funding_call": "funding", "award": "funding", "notice": "funding", "project": "organisation",
}  # fmt: skip
MAX_CHARACTERS = 60_000
"""Beyond this a text is cut: long adverts state openness late, but no real one is this long."""
_WINDOW = 60  # words; a digital, a social and an open concept this close together speak as one
_GROUPS = ("strong", "digital", "social", "open", "negative")
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,300}|!--.{0,300}?--)>")


@dataclass(slots=True)
class Reading:
    """What was found in one record; match positions are in the folded text."""

    original: str
    folded: str
    matches: list[Match]
    words: int
    title_words: int
    kind: str
    offsets: list[int]

    def located(self) -> list[dict[str, Any]]:
        """Matches with offsets into title + newline + text as given."""
        offsets = self.offsets
        return [
            {"concept": m.concept, "start": offsets[m.start], "end": offsets[m.end - 1] + 1}
            for m in self.matches
            if m.end < len(offsets)
        ]


def _blank(text: str) -> str:
    """Blank out mark-up and control characters without moving any other character."""
    if "<" in text:
        text = _TAG.sub(lambda tag: " " * len(tag.group()), text)
    if "&" in text:
        text = re.sub(r"&#?\w{2,8};", lambda m: unescape(m.group())[:1].ljust(len(m.group())), text)
    return (
        "".join(c if c.isprintable() or c == "\n" else " " for c in text) if not text.isprintable() else text
    )


def read(record: Mapping[str, Any], lexicon: Lexicon) -> Reading:
    """Match one record.

    Args:
        record: `title`, `text` and optionally `kind`; missing or None reads as empty.
        lexicon: the compiled word lists.

    """
    title = str(record.get("title") or "")
    text = str(record.get("text") or "")
    original = _blank(f"{title}\n{text}"[:MAX_CHARACTERS])
    folded, offsets = fold_with_offsets(original)
    matches, words = lexicon.match(folded)
    kind = str(record.get("kind") or "")
    group = _KIND_GROUP.get(kind, kind)
    return Reading(
        original,
        folded,
        matches,
        words,
        len(re.findall(r"[^\W_]+", title)),
        group if group in KINDS else "",
        offsets,
    )


def feature_names(lexicon: Lexicon) -> list[str]:
    """Names of the entries of `vector`, in order."""
    names = [f"{place}:{group}:{what}" for group in _GROUPS for place, what in
             (("all", "concepts"), ("all", "density"), ("title", "hits"))]  # fmt: skip
    names += ["window:dsc", "window:ds", "window:dc", "all:dsc", "all:length"]
    names += [f"kind:{kind}" for kind in KINDS]
    names += [f"kind:{kind}*strong" for kind in KINDS]
    return names + [f"concept:{concept}" for concept in lexicon.concepts]


def vector(reading: Reading, lexicon: Lexicon) -> np.ndarray:
    """Numbers of one reading, each roughly within 0 to 3."""
    counts = Counter(m.concept for m in reading.matches)
    in_title = Counter(m.concept for m in reading.matches if m.word < reading.title_words)
    length = max(reading.words, 30)
    values: list[float] = []
    distinct: dict[str, int] = {}
    for group in _GROUPS:
        members = [c for c in counts if group in lexicon.roles[c]]
        distinct[group] = len(members)
        hits = sum(counts[c] for c in members)
        values += [
            np.log1p(len(members)),
            min(np.log1p(100.0 * hits / length), 3.0),
            np.log1p(sum(in_title[c] for c in members)),
        ]
    values += _windows(reading, lexicon)
    values.append(float(min(distinct["digital"], distinct["social"], distinct["open"], 3)))
    values.append(np.log1p(reading.words) / 3.0)
    values += [float(reading.kind == kind) for kind in KINDS]
    values += [float(reading.kind == kind) * np.log1p(distinct["strong"]) for kind in KINDS]
    values += [np.log1p(min(counts[c], 5)) for c in lexicon.concepts]
    return np.asarray(values, dtype=np.float32)


def _windows(reading: Reading, lexicon: Lexicon) -> list[float]:
    """Share-free counts of places where groups meet within `_WINDOW` words, on different words."""
    seen: dict[int, list[int]] = {}
    for match in reading.matches:
        roles = lexicon.roles[match.concept]
        mask = ("digital" in roles) | ("social" in roles) << 1 | ("open" in roles) << 2
        block = match.word // _WINDOW
        slot = seen.setdefault(block, [0, 0, 0])
        for bit in range(3):
            slot[bit] += mask >> bit & 1
    full = sum(1 for d, s, o in seen.values() if d and s and o and d + s + o > 3)
    social = sum(1 for d, s, _ in seen.values() if d and s)
    open_ = sum(1 for d, _, o in seen.values() if d and o)
    return [float(np.log1p(full)), float(np.log1p(social)), float(np.log1p(open_))]
