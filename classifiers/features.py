"""From a record to numbers: concept counts that carry over between languages and sources.

The block is counted in concepts, not in words, so what is learnt from one language holds in another.
Title, body and organisation are counted apart. Source names and addresses never become features.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import numpy as np

from classifiers.fold import fold, fold_with_offsets
from classifiers.language import plausible
from classifiers.lexicon import Lexicon, Match
from classifiers.taxonomy import DIMENSIONS

__all__ = ["GROUPS", "LEARNT", "Reading", "dimension_scores", "feature_names", "read", "vector"]

MAX_CHARACTERS = 40_000
"""Beyond this a text is cut: long adverts state openness late, but no real one is this long."""
GROUPS = ("strong", "digital", "social", "open", "negative")
KINDS = ("job_advert", "dataset", "funding", "post", "organisation")
"""Kinds as the features know them."""
_KIND_GROUPS = {
    "funding_call": "funding", "award": "funding", "notice": "funding", "project": "organisation",
}  # fmt: skip
_COUNTS = (("all", "concepts"), ("all", "density"), ("title", "hits"), ("organisation", "any"))
LEARNT = ("area", "trend")
"""Dimensions whose labels are learnt from people's labels; the others follow from the concepts alone."""
_LABEL_SCALE = 3.0  # of the label scores: the penalty on weights then spares them
_TITLE_WEIGHT = 3.0
_SATURATION = 2.5
_WINDOW = 60  # words; a digital, a social and an open concept this close together speak as one
_DIGITAL_BY = 40  # words; within these the digital element of a longer text is usually named
_ORGANISATION = 300  # characters of an organisation's name and description
_MOST_HITS = 5  # of one concept; more say nothing more
_FIRST = 2_000  # characters of the body in which its words are counted
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,300}|!--.{0,300}?--)>")
_ENTITY = re.compile(r"&#?\w{2,8};")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


@dataclass(slots=True)
class Reading:
    """What was found in one record; match positions are in the folded text."""

    original: str
    folded: str
    offsets: list[int]
    matches: list[Match]
    words: int
    title_words: int
    new_words: int
    """Different words of the body that the title does not have."""
    organisation: frozenset[str]
    """Concepts in the organisation's name or description."""
    kind: str
    """Out of `KINDS`; empty where none is given."""
    language: str | None
    """As measured."""

    def located(self) -> list[dict[str, Any]]:
        """Matches with offsets into title + newline + text as given, and the language of the word list."""
        offsets = self.offsets
        return [
            {
                "concept": m.concept, "start": offsets[m.start], "end": offsets[m.end - 1] + 1,
                "language": m.language,
            }
            for m in self.matches
        ]  # fmt: skip


def _blank(text: str) -> str:
    """Blank out mark-up and control characters without moving any other character."""
    if "<" in text:
        text = _TAG.sub(lambda tag: " " * len(tag.group()), text)
    if "&" in text:
        text = _ENTITY.sub(lambda m: unescape(m.group())[:1].ljust(len(m.group())), text)
    return text if text.isprintable() else _UNPRINTABLE.sub(" ", text)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _organisation(record: Mapping[str, Any]) -> str:
    value = record.get("organisation")
    if isinstance(value, Mapping):
        value = " ".join(_text(value.get(key)) for key in ("name", "description"))
    return _text(value)[:_ORGANISATION]


def _kind(value: Any) -> str:
    kind = value if isinstance(value, str) else ""
    kind = _KIND_GROUPS.get(kind, kind)
    return kind if kind in KINDS else ""


def read(record: Mapping[str, Any], lexicon: Lexicon) -> Reading:
    """Match one record.

    Args:
        record: `title`, `text` and optionally `kind`, `organisation` (a name, or an object with
            `name`) and `language`; what is missing or None reads as empty.
        lexicon: the compiled word lists.

    """
    title = _text(record.get("title"))[:MAX_CHARACTERS]
    original = _blank(f"{title}\n{_text(record.get('text'))[:MAX_CHARACTERS]}")
    declared = record.get("language")
    language, active = plausible(original, declared if isinstance(declared, str) and declared else None)
    folded, offsets = fold_with_offsets(original)
    matches, words = lexicon.match(folded, active or None)
    title_end = len(fold(_blank(title)))
    organisation = _organisation(record)
    heading, body = _WORD.findall(folded[:title_end]), _WORD.findall(folded[title_end : title_end + _FIRST])
    return Reading(
        original=original,
        folded=folded,
        offsets=offsets,
        matches=matches,
        words=words,
        title_words=len(heading),
        new_words=len(set(body) - set(heading)),
        organisation=frozenset(m.concept for m in lexicon.match(fold(organisation), active or None)[0])
        if organisation
        else frozenset(),
        kind=_kind(record.get("kind")),
        language=language,
    )


def feature_names(lexicon: Lexicon) -> list[str]:
    """Names of the entries of `vector`, in order.

    `all:dsc` counts concepts of the scarcest of the three groups; `all:undigital` grows with the length of a text in
    which no digital element is found.
    """
    names = [f"{place}:{group}:{what}" for group in GROUPS for place, what in _COUNTS]
    names += ["window:dsc", "window:ds", "window:dc", "all:dsc", "all:length", "all:undigital"]
    names += [f"kind:{kind}" for kind in KINDS] + [f"kind:{kind}*strong" for kind in KINDS]
    for dimension in LEARNT:
        for what in ("score", "ratio"):
            names += [f"{dimension}:{label}:{what}" for label in DIMENSIONS[dimension]]
    return names + [f"concept:{concept}" for concept in lexicon.concepts]


def vector(reading: Reading, lexicon: Lexicon) -> np.ndarray:
    """Numbers of one reading, each roughly within 0 to 3."""
    counts = Counter(m.concept for m in reading.matches)
    in_title = Counter(m.concept for m in reading.matches if m.word < reading.title_words)
    length = max(reading.words, 30)
    values: list[float] = []
    distinct: dict[str, int] = {}
    for group in GROUPS:
        members = [c for c in counts if group in lexicon.roles[c]]
        distinct[group] = len(members)
        hits = sum(min(counts[c], _MOST_HITS) for c in members)
        values += [
            np.log1p(len(members)),
            min(np.log1p(100.0 * hits / length), 3.0),
            np.log1p(sum(in_title[c] for c in members)),
            float(any(group in lexicon.roles[c] for c in reading.organisation)),
        ]
    values += _windows(reading, lexicon)
    values.append(float(min(distinct["digital"], distinct["social"], distinct["open"], 3)))
    values.append(np.log1p(reading.words) / 3.0)
    # That no digital element is found says little of a short text, and more the longer it is.
    silence = max(0.0, np.log(length / _DIGITAL_BY))
    values.append(0.0 if distinct["digital"] else min(silence, 2.0))
    kinds = [float(reading.kind == kind) for kind in KINDS]
    values += [*kinds, *(kind * np.log1p(distinct["strong"]) for kind in kinds)]
    for dimension in LEARNT:
        scores = np.asarray([*dimension_scores(reading, lexicon, dimension).values()])
        best = max(float(scores.max()), 1e-6)
        values += [*(_LABEL_SCALE * scores), *(_LABEL_SCALE * scores / best)]
    tail = np.zeros(len(lexicon.concepts), dtype=np.float32)
    for concept, count in counts.items():
        tail[lexicon.position[concept]] = np.log1p(min(count, _MOST_HITS))
    return np.concatenate([np.asarray(values, dtype=np.float32), tail])


def _windows(reading: Reading, lexicon: Lexicon) -> list[float]:
    """Share-free counts of places where groups meet within `_WINDOW` words, on different words."""
    seen: dict[int, list[int]] = {}
    for match in reading.matches:
        roles = lexicon.roles[match.concept]
        mask = ("digital" in roles) | ("social" in roles) << 1 | ("open" in roles) << 2
        slot = seen.setdefault(match.word // _WINDOW, [0, 0, 0])
        for bit in range(3):
            slot[bit] += mask >> bit & 1
    full = sum(1 for d, s, o in seen.values() if d and s and o and d + s + o > 3)
    social = sum(1 for d, s, _ in seen.values() if d and s)
    open_ = sum(1 for d, _, o in seen.values() if d and o)
    return [float(np.log1p(full)), float(np.log1p(social)), float(np.log1p(open_))]


def dimension_scores(reading: Reading, lexicon: Lexicon, dimension: str) -> dict[str, float]:
    """Score every label of a dimension between 0 and 1 from the lexicon alone: `1 - exp(-weight / 2.5)`.

    A concept weighs `log2(1 + hits)`, a hit in the title counts three times.
    """
    hits: dict[str, float] = {}
    for match in reading.matches:
        hits[match.concept] = hits.get(match.concept, 0.0) + (
            _TITLE_WEIGHT if match.word < reading.title_words else 1.0
        )
    weights = dict.fromkeys(DIMENSIONS[dimension], 0.0)
    labels = lexicon.labels[dimension]
    for concept, count in hits.items():
        for label in labels.get(concept, ()):
            weights[label] += math.log2(1.0 + count)
    return {name: 1.0 - math.exp(-weight / _SATURATION) for name, weight in weights.items()}
