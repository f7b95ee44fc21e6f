"""Concepts in text: the word lists of all languages as one fast matcher over folded text.

Word lists are data (`lexicon/<language>.toml`), meant for native speakers to edit; `lexicon/concepts.toml`
says what each concept speaks for. All languages are matched at once, because real pages mix them.
Each word of a text is looked up once and remembered, so the cost per text falls as words repeat.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from classifiers.fold import fold
from classifiers.taxonomy import DIMENSIONS

__all__ = ["Lexicon", "LexiconError", "Match", "load_lexicon"]

_FOLDER = Path(__file__).with_name("lexicon")
_TOKEN = re.compile(r"[^\W_]+")
_PATTERN_TOKEN = re.compile(r"\*?[^\W_]+(?:\*[^\W_]+)*\*?|_")
_GROUPS = ("digital", "social", "open", "strong", "negative", "boilerplate")
_MAX_CACHE = 200_000
_MAX_GAP = 3  # characters between two words of one phrase: space, hyphen, quote

Test = Callable[[str], bool]


class LexiconError(ValueError):
    """A word list or the concept table is wrong; the message names file, concept and pattern."""


@dataclass(frozen=True, slots=True)
class Match:
    """A concept found in folded text, as character positions and the index of its first word."""

    concept: str
    start: int
    end: int
    word: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    concept: str
    rest: tuple[Test | None, ...]  # None: any one word, or none at all


def _test(token: str) -> Test:
    core = token.strip("*")
    if "*" in core:
        parts = r"\w*".join(re.escape(part) for part in core.split("*"))
        return re.compile(parts + (r"\w*" if token.endswith("*") else "")).fullmatch  # type: ignore[return-value]
    if token.startswith("*"):
        if token.endswith("*"):
            return lambda word: core in word
        return lambda word: word.endswith(core)
    if token.endswith("*"):
        return lambda word: word.startswith(core)
    return lambda word: word == core


class Lexicon:
    """A compiled lexicon.

    Args:
        concepts: concept -> roles.
        words: language -> concept -> patterns.

    Raises:
        LexiconError: unknown role or concept, or an empty or too short pattern.

    """

    def __init__(self, concepts: dict[str, list[str]], words: dict[str, dict[str, list[str]]]) -> None:
        self.concepts = concepts
        self.roles = {name: frozenset(roles) for name, roles in concepts.items()}
        self.languages = sorted(words)
        self._exact: dict[str, list[_Pattern]] = {}
        self._prefix: dict[str, list[_Pattern]] = {}
        self._other: list[tuple[Test, _Pattern]] = []
        self._cache: dict[str, tuple[_Pattern, ...]] = {}
        self._check_roles()
        seen: set[tuple[str, str]] = set()
        for language, table in words.items():
            for concept, patterns in table.items():
                if concept not in concepts:
                    raise LexiconError(
                        f"{language}.toml: unknown concept {concept!r}; add it to concepts.toml"
                    )
                for pattern in patterns:
                    if (concept, pattern) not in seen:
                        seen.add((concept, pattern))
                        self._add(language, concept, pattern)
        self._lengths = sorted({len(stem) for stem in self._prefix}, reverse=True)
        text = repr((sorted(concepts.items()), sorted(seen)))
        self.version = hashlib.sha256(text.encode()).hexdigest()[:12]

    def _check_roles(self) -> None:
        known = set(_GROUPS) | {f"{kind}:{label}" for kind, labels in DIMENSIONS.items() for label in labels}
        for concept, roles in self.roles.items():
            if unknown := roles - known:
                raise LexiconError(f"concepts.toml: {concept}: unknown role {sorted(unknown)}")

    def _add(self, language: str, concept: str, pattern: str) -> None:
        tokens = _PATTERN_TOKEN.findall(fold(pattern))
        if not tokens or tokens[0] == "_" or (tokens[-1] == "_" and len(tokens) < 2):
            raise LexiconError(f"{language}.toml: {concept}: pattern {pattern!r} has no first word")
        while tokens[-1] == "_":
            tokens.pop()
        first = tokens[0]
        if "*" in first and len(first.strip("*")) < 2:
            raise LexiconError(f"{language}.toml: {concept}: stem of {pattern!r} is too short")
        compiled = _Pattern(concept, tuple(None if t == "_" else _test(t) for t in tokens[1:]))
        if "*" not in first:
            self._exact.setdefault(first, []).append(compiled)
        elif first.count("*") == 1 and first.endswith("*"):
            self._prefix.setdefault(first[:-1], []).append(compiled)
        else:
            self._other.append((_test(first), compiled))

    def _candidates(self, word: str) -> tuple[_Pattern, ...]:
        found = list(self._exact.get(word, ()))
        for length in self._lengths:
            if length <= len(word):
                found.extend(self._prefix.get(word[:length], ()))
        found.extend(pattern for test, pattern in self._other if test(word))
        if len(self._cache) >= _MAX_CACHE:
            self._cache.clear()
        result = self._cache[word] = tuple(found)
        return result

    def match(self, folded: str) -> tuple[list[Match], int]:
        """Find all concepts.

        Args:
            folded: text after `classifiers.fold.fold`.

        Returns:
            The matches in text order, and the number of words. A word inside a boilerplate phrase
            speaks for nothing else.

        """
        spans = [m.span() for m in _TOKEN.finditer(folded)]
        words = [folded[a:b] for a, b in spans]
        cache = self._cache
        matches: list[Match] = []
        silent: set[int] = set()
        for index, word in enumerate(words):
            patterns = cache.get(word)
            if patterns is None:
                patterns = self._candidates(word)
            for pattern in patterns:
                last = self._extend(pattern, index, words, spans) if pattern.rest else index
                if last is None:
                    continue
                matches.append(Match(pattern.concept, spans[index][0], spans[last][1], index))
                if "boilerplate" in self.roles[pattern.concept]:
                    silent.update(range(index, last + 1))
        if silent:
            matches = [m for m in matches if m.word not in silent]
        return _distinct(matches), len(words)

    @staticmethod
    def _extend(pattern: _Pattern, index: int, words: list[str], spans: list[tuple[int, int]]) -> int | None:
        at = index
        optional = False
        for test in pattern.rest:
            if test is None:
                optional = True
                continue
            for step in (1, 2) if optional else (1,):
                to = at + step
                if to < len(words) and spans[to][0] - spans[to - 1][1] <= _MAX_GAP and test(words[to]):
                    at = to
                    break
            else:
                return None
            optional = False
        return at


def _distinct(matches: list[Match]) -> list[Match]:
    longest: dict[tuple[str, int], Match] = {}
    for match in matches:
        key = (match.concept, match.word)
        if key not in longest or longest[key].end < match.end:
            longest[key] = match
    return list(longest.values())


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read the packaged word lists.

    Raises:
        LexiconError: a file is not TOML or holds an unknown concept, role or an empty pattern.

    """
    tables: dict[str, dict[str, list[str]]] = {}
    for file in sorted(_FOLDER.glob("*.toml")):
        try:
            tables[file.stem] = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise LexiconError(f"{file.name}: {error}") from error
    concepts = tables.pop("concepts")
    return Lexicon(concepts, tables)
