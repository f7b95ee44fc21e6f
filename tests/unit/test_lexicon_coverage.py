"""Sentences of native register, written before the word lists were looked at, against each language alone.

A file `lexicon_sentences/<language>.toml` holds the tables `digital`, `social`, `open`, each with at least
five `sentences` in which a concept of that group has to be found, and optionally `near_miss`, whose
sentences may not speak for openness.
"""

import tomllib
from functools import cache
from pathlib import Path

import pytest

import classifiers.lexicon as lexicon_module
from classifiers.fold import fold
from classifiers.lexicon import Lexicon

GROUPS = ("digital", "social", "open")
SENTENCES = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted(Path(__file__).with_name("lexicon_sentences").glob("*.toml"))
}
WORD_LISTS = Path(lexicon_module.__file__).with_name("lexicon")


@cache
def lexicon_of(language: str) -> Lexicon:
    concepts = tomllib.loads((WORD_LISTS / "concepts.toml").read_text(encoding="utf-8"))
    words = tomllib.loads((WORD_LISTS / f"{language}.toml").read_text(encoding="utf-8"))
    return Lexicon(concepts, {language: words})


def groups_found(language: str, sentence: str) -> set[str]:
    lexicon = lexicon_of(language)
    return {role for match in lexicon.match(fold(sentence))[0] for role in lexicon.roles[match.concept]}


@pytest.mark.parametrize(
    ("language", "group", "sentence"),
    [
        (language, group, sentence)
        for language, tables in SENTENCES.items()
        for group in GROUPS
        for sentence in tables[group]["sentences"]
    ],
)
def test_sentence_speaks_for_its_group(language, group, sentence):
    assert group in groups_found(language, sentence)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (language, sentence)
        for language, tables in SENTENCES.items()
        for sentence in tables.get("near_miss", {}).get("sentences", [])
    ],
)
def test_near_miss_does_not_speak_for_openness(language, sentence):
    assert not groups_found(language, sentence) & {"open", "strong"}


@pytest.mark.parametrize("language", SENTENCES)
def test_each_group_has_five_sentences(language):
    assert {group for group in GROUPS if len(set(SENTENCES[language][group]["sentences"])) < 5} == set()


def test_every_word_list_has_sentences():
    assert {file.stem for file in WORD_LISTS.glob("*.toml")} - {"concepts"} == set(SENTENCES)
