"""One language's word list, compiled: which patterns may begin with a given word.

Exact words and stems are dictionary look-ups; parts inside words are found through their first three
letters. A look-up costs microseconds and is done once per different word (the lexicon remembers it).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product

from classifiers.fold import fold
from classifiers.morphology import COMPOUNDING, irish_bases, is_glued

__all__ = ["LexiconError", "Pattern", "WordList", "tokens_of"]

_TOKEN = re.compile(r"[^\W_]+")
_PATTERN_TOKEN = re.compile(r"\*?[^\W_]+(?:\*[^\W_]+)*\*?|_")
_GROUP = re.compile(r"\(([^()]*)\)")
_KEY = 3  # letters by which a part inside words is found
_COMPOUND_STEM = 6  # letters a stem needs to be looked for inside compounds: shorter ones hit by chance
_COMPOUND_HEAD = 3  # letters before it, at least
_BORROWED_WORD = 5  # letters an English word needs to count in another language: "data" is a date in Italian
_BORROWED_ROLES = frozenset({"digital", "open", "strong"})

Test = Callable[[str], bool]


class LexiconError(ValueError):
    """A word list or the concept table is wrong; the message names file, concept and pattern."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A concept and what has to follow the first word: one test per word, None for any one word or none."""

    concept: str
    language: str
    rest: tuple[Test | None, ...]


@cache
def _plain_test(token: str) -> Test:
    core = token.strip("*")
    if "*" in core:
        parts = r"\w*".join(re.escape(part) for part in core.split("*"))
        lead, tail = (r"\w*" if token.startswith("*") else ""), (r"\w*" if token.endswith("*") else "")
        return re.compile(lead + parts + tail).fullmatch  # type: ignore[return-value]
    if token.startswith("*"):
        if token.endswith("*"):
            return lambda word: core in word
        return lambda word: word.endswith(core)
    if token.endswith("*"):
        return lambda word: word.startswith(core)
    return lambda word: word == core


@cache
def _irish_test(token: str) -> Test:
    plain = _plain_test(token)
    return lambda word: bool(plain(word)) or any(plain(base) for base in irish_bases(word))


def tokens_of(text: str, glued: bool = False) -> list[tuple[int, int, int]]:
    """Words of folded text as (start, end, end of what stands before).

    Args:
        text: folded text.
        glued: leave out Maltese articles and prepositions before a hyphen.

    """
    before = 0
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if not (glued and is_glued(match.group(), text[end : end + 1])):
            found.append((start, end, before))
        before = end
    return found


def _expanded(pattern: str) -> Iterable[str]:
    """The plain patterns behind one with groups: `(a|b) c` stands for `a c` and `b c`."""
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(_GROUP.split(pattern))]
    return map("".join, product(*choices))


class WordList:
    """The patterns of one language; compiled when the first word is looked up, because most runs need few languages.

    Args:
        language: code; decides about mutations and compounds.
        table: concept -> patterns.
        roles: concept -> roles, of all concepts there are.
        borrowed: keep only what also counts inside texts of other languages (for English).

    Raises:
        LexiconError: unknown concept, or (at the first look-up) an empty or too short pattern; names file,
            concept and pattern.

    """

    def __init__(
        self,
        language: str,
        table: dict[str, list[str]],
        roles: dict[str, frozenset[str]],
        borrowed: bool = False,
    ) -> None:
        self.language = language
        self._exact: dict[str, list[Pattern]] = {}
        self._stems: dict[str, list[Pattern]] = {}
        self._parts: dict[str, list[tuple[str, int, bool, Pattern]]] = {}
        self._other: list[tuple[Test, Pattern]] = []
        self._irish = language == "ga"
        self._table, self._roles, self._borrowed = table, roles, borrowed
        self._lengths: list[int] | None = None
        for concept, patterns in table.items():
            if concept not in roles:
                raise LexiconError(f"{language}.toml: unknown concept {concept!r}; add it to concepts.toml")
            if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
                raise LexiconError(f"{language}.toml: {concept}: must be a list of patterns in quotes")

    def _compile(self) -> list[int]:
        """Compile all patterns; the lengths of the stems, longest first."""
        for concept, patterns in self._table.items():
            for pattern in dict.fromkeys(plain for written in patterns for plain in _expanded(written)):
                self._add(concept, pattern, self._roles[concept])
        return sorted({len(stem) for stem in self._stems}, reverse=True)

    def _add(self, concept: str, pattern: str, roles: frozenset[str]) -> None:
        folded = fold(pattern)
        if self.language == "mt":
            kept = {(start, end) for start, end, _ in tokens_of(folded, glued=True)}
            folded = _TOKEN.sub(lambda m: m.group() if m.span() in kept else " ", folded)
        tokens = _PATTERN_TOKEN.findall(folded)
        if not tokens or tokens[0] == "_" or (tokens[-1] == "_" and len(tokens) < 2):
            raise LexiconError(f"{self.language}.toml: {concept}: pattern {pattern!r} has no first word")
        while tokens[-1] == "_":
            tokens.pop()
        first, core = tokens[0], tokens[0].strip("*")
        if "*" in first and len(core) < 2:
            raise LexiconError(f"{self.language}.toml: {concept}: stem of {pattern!r} is too short")
        if (
            self._borrowed
            and len(tokens) == 1
            and (len(core) < _BORROWED_WORD or not roles & _BORROWED_ROLES)
        ):
            return
        make = _irish_test if self._irish else _plain_test
        compiled = Pattern(concept, self.language, tuple(None if t == "_" else make(t) for t in tokens[1:]))
        inner = first.startswith("*")
        if "*" in core or (inner and len(core) < _KEY):
            self._other.append((make(first), compiled))
        elif inner:
            self._add_part(core, 0, not first.endswith("*"), compiled)
        elif not first.endswith("*"):
            self._exact.setdefault(first, []).append(compiled)
        else:
            self._stems.setdefault(core, []).append(compiled)
            compound = self.language in COMPOUNDING and len(tokens) == 1 and "boilerplate" not in roles
            if compound and len(core) >= _COMPOUND_STEM:
                self._add_part(core, _COMPOUND_HEAD, False, compiled)

    def _add_part(self, core: str, head: int, at_end: bool, pattern: Pattern) -> None:
        self._parts.setdefault(core[:_KEY], []).append((core, head, at_end, pattern))

    def candidates(self, word: str) -> Iterable[Pattern]:
        """Patterns whose first word this word is."""
        if self._lengths is None:
            self._lengths = self._compile()
        yield from self._of(word)
        if self._irish:
            for base in irish_bases(word):
                yield from self._of(base)

    def _of(self, word: str) -> Iterable[Pattern]:
        yield from self._exact.get(word, ())
        for length in self._lengths or ():
            if length <= len(word):
                yield from self._stems.get(word[:length], ())
        if self._parts:
            for place in range(len(word) - _KEY + 1):
                for core, head, at_end, pattern in self._parts.get(word[place : place + _KEY], ()):
                    if place >= head and (word.endswith(core) and place == len(word) - len(core)
                                          if at_end else word.startswith(core, place)):  # fmt: skip
                        yield pattern
        for test, pattern in self._other:
            if test(word):
                yield pattern
