"""Concepts in text: the word lists of all languages as one fast matcher over folded text.

Word lists are data (`lexicon/<language>.toml`), meant for native speakers to edit; `lexicon/concepts.toml`
says what each concept speaks for. A text is read with the word lists of its own language and with those
English terms that other languages borrow, because the same letters mean other things elsewhere.
Each word is looked up once per language and remembered, so the cost per text falls as words repeat.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from classifiers.patterns import LexiconError, Pattern, WordList, tokens_of
from classifiers.taxonomy import DIMENSIONS

__all__ = ["Lexicon", "LexiconError", "Match", "load_lexicon"]

_FOLDER = Path(__file__).with_name("lexicon")
_GROUPS = ("digital", "social", "open", "strong", "negative", "boilerplate")
_MAX_CACHE = 50_000  # words remembered per set of languages
_MAX_SECONDS = 2_000  # second words remembered per first word
_MAX_GAP = 3  # characters between two words of one phrase: space, hyphen, quote
_BORROWED = "en (borrowed)"
_RELATIVES = {
    "no": ("da", "sv"), "ca": ("es", "fr"), "gl": ("pt", "es"), "sr": ("hr",), "is": ("da",), "eu": ("es",),
    "uk": ("bg",), "cs": ("sk",), "sk": ("cs",), "hr": ("sl",), "sl": ("hr",), "da": ("sv",), "sv": ("da",),
}  # fmt: skip
"""Language without a word list -> those that are understood in its place."""


@dataclass(frozen=True, slots=True)
class Match:
    """A concept found in folded text, as character positions, the index of its first word, its language."""

    concept: str
    start: int
    end: int
    word: int
    language: str = ""


class _Phrases(dict[str, tuple[Pattern, ...]]):
    """Second word -> the phrases of one first word that go on with it, filled on demand."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        super().__init__()
        self._patterns = tuple(patterns)

    def __missing__(self, word: str) -> tuple[Pattern, ...]:
        if len(self) >= _MAX_SECONDS:
            self.clear()
        found = self[word] = tuple(p for p in self._patterns if p.rest[0] is None or p.rest[0](word))
        return found


class _Cache(dict[str, tuple[tuple[Pattern, ...], "_Phrases | None"]]):
    """Word -> the patterns that it is, and the phrases that begin with it, filled on demand."""

    def __init__(self, lists: Iterable[WordList]) -> None:
        super().__init__()
        self._lists = tuple(lists)

    def __missing__(self, word: str) -> tuple[tuple[Pattern, ...], _Phrases | None]:
        if len(self) >= _MAX_CACHE:
            self.clear()
        found = [pattern for words in self._lists for pattern in words.candidates(word)]
        phrases = [pattern for pattern in found if pattern.rest]
        entry = tuple(p for p in found if not p.rest), _Phrases(phrases) if phrases else None
        self[word] = entry
        return entry


class Lexicon:
    """A compiled lexicon.

    Args:
        concepts: concept -> roles.
        words: language -> concept -> patterns.

    Raises:
        LexiconError: unknown role or concept; an empty or too short pattern when its language is first read.

    """

    def __init__(self, concepts: dict[str, list[str]], words: dict[str, dict[str, list[str]]]) -> None:
        self.concepts = concepts
        self.roles = {name: frozenset(roles) for name, roles in concepts.items()}
        self._silencing = frozenset(name for name, roles in self.roles.items() if "boilerplate" in roles)
        self.position = {name: place for place, name in enumerate(concepts)}
        self._check_roles()
        self.labels = {
            kind: {
                concept: tuple(sorted(r.split(":", 1)[1] for r in roles if r.startswith(kind + ":")))
                for concept, roles in self.roles.items()
                if any(r.startswith(kind + ":") for r in roles)
            }
            for kind in DIMENSIONS
        }
        """Dimension -> concept -> labels it speaks for."""
        self.languages = sorted(words)
        self._lists = {
            language: WordList(language, words[language], self.roles) for language in self.languages
        }
        if "en" in words:
            self._lists[_BORROWED] = WordList("en", words["en"], self.roles, borrowed=True)
        self._caches: dict[tuple[str, ...], _Cache] = {}
        text = repr((sorted(concepts.items()), [(k, sorted(words[k].items())) for k in self.languages]))
        self.version = hashlib.sha256(text.encode()).hexdigest()[:12]

    def _check_roles(self) -> None:
        known = set(_GROUPS) | {f"{kind}:{label}" for kind, labels in DIMENSIONS.items() for label in labels}
        for concept, roles in self.roles.items():
            if unknown := roles - known:
                raise LexiconError(f"concepts.toml: {concept}: unknown role {sorted(unknown)}")

    def _active(self, languages: Iterable[str] | None) -> tuple[str, ...]:
        """Names of the word lists to read a text of these languages with; None or nothing known: all."""
        chosen: dict[str, None] = {}
        for language in languages or ():
            if language in self._lists:
                chosen[language] = None
            else:
                chosen.update(dict.fromkeys(r for r in _RELATIVES.get(language, ()) if r in self._lists))
        if not chosen:
            return tuple(self.languages)
        if "en" not in chosen and _BORROWED in self._lists:
            chosen[_BORROWED] = None
        return tuple(chosen)

    def match(self, folded: str, languages: Iterable[str] | None = None) -> tuple[list[Match], int]:
        """Find all concepts.

        Args:
            folded: text after `classifiers.fold.fold`.
            languages: those that the text is in; None reads it as all languages at once.

        Returns:
            The matches in text order, and the number of words. A word inside a boilerplate phrase
            speaks for nothing else.

        """
        active = self._active(languages)
        cache = self._caches.get(active)
        if cache is None:
            cache = self._caches[active] = _Cache(self._lists[name] for name in active)
        spans = tokens_of(folded, glued="mt" in active and len(active) <= 4)
        words = [folded[start:end] for start, end, _ in spans]
        matches: list[Match] = []
        silent: set[int] = set()
        following = [*words[1:], ""]
        for index, word in enumerate(words):
            alone, phrases = cache[word]
            found = [(pattern, index) for pattern in alone]
            if phrases is not None:
                for pattern in phrases[following[index]]:
                    end = _extend(pattern, index, words, spans)
                    if end is not None:
                        found.append((pattern, end))
            for pattern, last in found:
                matches.append(
                    Match(pattern.concept, spans[index][0], spans[last][1], index, pattern.language)
                )
                if pattern.concept in self._silencing:
                    silent.update(range(index, last + 1))
        if silent:
            matches = [m for m in matches if m.word not in silent]
        return _distinct(matches), len(words)


def _extend(pattern: Pattern, index: int, words: list[str], spans: list[tuple[int, int, int]]) -> int | None:
    """Index of the last word of a phrase that begins at `index`, or None where it is not this phrase."""
    at = index
    optional = False
    for test in pattern.rest:
        if test is None:
            optional = True
            continue
        for step in (1, 2) if optional else (1,):
            to = at + step
            if to < len(words) and spans[to][0] - spans[to][2] <= _MAX_GAP and test(words[to]):
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
        LexiconError: a file is not TOML or holds an unknown concept or role.

    """
    tables: dict[str, dict[str, list[str]]] = {}
    for file in sorted(_FOLDER.glob("*.toml")):
        try:
            tables[file.stem] = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise LexiconError(f"{file.name}: {error}") from error
    concepts = tables.pop("concepts")
    return Lexicon(concepts, tables)
