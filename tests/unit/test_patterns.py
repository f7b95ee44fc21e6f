"""Word lists of single languages: what a pattern meets, and what it must not meet."""

import pytest

from classifiers.fold import fold
from classifiers.language import plausible
from classifiers.lexicon import Lexicon, LexiconError
from classifiers.morphology import irish_bases, is_glued
from classifiers.patterns import tokens_of

CONCEPTS = {
    "data": ["digital"], "open-data": ["digital", "open"], "culture": ["area:culture-and-arts"],
    "community": ["social"], "notice": ["boilerplate"],
}  # fmt: skip


def found(language, patterns, text, languages=None):
    lexicon = Lexicon(CONCEPTS, {language: patterns})
    return {m.concept for m in lexicon.match(fold(text), languages)[0]}


@pytest.mark.parametrize(
    ("pattern", "text", "hit"),
    [
        ("museum", "ein museum", True),
        ("museum", "museums", False),
        ("museum*", "die Museumsinsel", True),
        ("*museum*", "das Stadtmuseumsfest", True),
        ("*museum", "das Stadtmuseum", True),
        ("*museum", "das Stadtmuseumsfest", False),
        ("offene* daten", "offenen Daten", True),
        ("offene* daten", "offene-Daten", True),
        ("offene* daten", "offene, und danach erst Daten", False),
        ("offene* _ daten", "offene amtliche Daten", True),
        ("offene* _ daten", "offene sehr amtliche Daten", False),
        ("o*daten", "opendaten", True),
    ],
)
def test_pattern_language(pattern, text, hit):
    assert (found("xx", {"culture": [pattern]}, text) == {"culture"}) is hit


@pytest.mark.parametrize(("language", "text", "hit"), [
    ("de", "das Stadtmuseumsfest", True), ("fr", "stadtmuseumsfest", False), ("hu", "a varosmuseumban", True),
])  # fmt: skip
def test_long_stem_is_met_inside_compounds_of_compounding_languages_only(language, text, hit):
    assert (found(language, {"culture": ["museum*"]}, text) == {"culture"}) is hit


def test_short_stem_is_not_looked_for_inside_words():
    assert found("de", {"data": ["daten*"]}, "Kandidatenliste") == set()


@pytest.mark.parametrize("text", ["sonraí", "na shonraí", "ár sonraí", "i Sonraí"])
def test_irish_mutation_meets_the_stem(text):
    assert found("ga", {"data": ["sonrai"]}, text) == {"data"}


def test_second_word_of_an_irish_phrase_may_be_mutated():
    assert found("ga", {"open-data": ["sonrai oscailte"], "community": ["an pobal"]}, "an bpobal") == {
        "community"
    }


@pytest.mark.parametrize(("word", "bases"), [
    ("shonrai", ("sonrai",)), ("bpobal", ("pobal",)), ("gcomhphairt", ("comhphairt",)), ("dteicneolaiocht",
    ("teicneolaiocht",)), ("bhfoghlaim", ("foghlaim",)), ("hoideachas", ("oideachas",)), ("pobal", ()), ("an", ()),
])  # fmt: skip
def test_irish_bases(word, bases):
    assert set(bases) <= set(irish_bases(word))
    assert bool(bases) is bool(irish_bases(word))


@pytest.mark.parametrize(
    "text", ["id-dejta miftuħa", "dejta l-miftuħa", "tad-dejta tal-miftuħa", "DEJTA MIFTUĦA"]
)
def test_maltese_article_does_not_hide_a_phrase(text):
    assert found("mt", {"open-data": ["dejta miftuħa"]}, text, ["mt"]) == {"open-data"}


def test_maltese_article_in_a_pattern_is_left_out_too():
    assert found("mt", {"community": ["il-komunità"]}, "komunità lokali", ["mt"]) == {"community"}


def test_token_is_glued_only_before_a_hyphen_or_apostrophe():
    assert is_glued("tal", "-")
    assert not is_glued("tal", " ")
    assert [fold("il-komunita")[a:b] for a, b, _ in tokens_of("il-komunita", glued=True)] == ["komunita"]


@pytest.fixture
def lexicon():
    english = {"data": ["data", "software", "big data"], "culture": ["theatre"], "open-data": ["open data"]}
    return Lexicon(CONCEPTS, {"en": english, "it": {"data": ["dati"]}, "es": {"data": ["datos"]}})


@pytest.mark.parametrize(("text", "languages", "concepts"), [
    ("la data di scadenza", ["it"], set()),  # a date, not data
    ("il software", ["it"], {"data"}),
    ("gli open data", ["it"], {"open-data"}),
    ("al theatre", ["it"], set()),
    ("i dati", ["es"], set()),
    ("i dati", None, {"data"}),
    ("els datos", ["ca"], {"data"}),
    ("the data", ["en"], {"data"}),
    ("datos y dati", ["it", "es"], {"data"}),
])  # fmt: skip
def test_text_is_read_in_its_own_languages_with_borrowed_english(lexicon, text, languages, concepts):
    assert {m.concept for m in lexicon.match(fold(text), languages)[0]} == concepts


@pytest.mark.parametrize("text", ["logged by residents", "noted by residents", "noted by the volunteers"])
def test_group_stands_for_each_of_its_members(text):
    lists = {"data": ["(logged|noted) by _ (resident*|volunteer*)"]}
    assert [m.concept for m in Lexicon(CONCEPTS, {"en": lists}).match(text)[0]] == ["data"]


def test_boilerplate_silences_only_its_own_words():
    lists = {"notice": ["open data licence"], "open-data": ["open data"]}
    matches = Lexicon(CONCEPTS, {"en": lists}).match("open data licence, then open data")[0]
    assert [(m.concept, m.start) for m in matches] == [("open-data", 24)]


@pytest.mark.parametrize(("table", "reason"), [
    ({"robot": ["robot*"]}, "unknown concept"), ({"data": ["*"]}, "no first word"), ({"data": ["a*"]}, "too short"),
    ({"data": [""]}, "no first word"), ({"data": "data"}, "list of patterns"), ({"data": ["_ data"]}, "no first word"),
])  # fmt: skip
def test_wrong_word_list_names_file_and_concept(table, reason):
    with pytest.raises(LexiconError, match=rf"xx\.toml.*{reason}|xx\.toml.*{next(iter(table))}.*{reason}"):
        Lexicon(CONCEPTS, {"xx": table}).match("data")


def test_mixed_text_is_read_in_both_languages():
    german = (
        "Wir suchen Menschen, die sich im Stadtteil für ältere Nachbarinnen und Nachbarn einsetzen. " * 15
    )
    english = (
        "The association builds open tools together with residents of the neighbourhood every week. " * 30
    )
    measured, languages = plausible(german + english)
    assert measured == "de"
    assert set(languages) == {"de", "en"}


def test_declared_language_counts_only_where_nothing_is_measured():
    assert plausible("Hackathon", "fi") == (None, ("fi",))
    assert plausible("Wir suchen eine Person, die ältere Menschen ins Internet begleitet.", "fi") == (
        "de",
        ("de",),
    )
