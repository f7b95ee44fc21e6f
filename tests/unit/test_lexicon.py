import pytest

from classifiers.fold import fold
from classifiers.lexicon import Lexicon, LexiconError, load_lexicon


def concepts(text):
    return {m.concept for m in load_lexicon().match(fold(text))[0]}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("a platform for citizen science", "citizen-science"),
        ("un budget participatif", "participatory-budget"),
        ("im Bürgerhaushalt der Stadt", "participatory-budget"),
        ("la brecha digital", "digital-inclusion"),
        ("codice aperto", "open-source"),
        ("bewoners en burgerwetenschap", "citizen-science"),
        ("otwarte dane", "open-data"),
        ("Une start-up d’État", "civic-tech"),
    ],
)
def test_concept_is_found_in_each_language(text, concept):
    assert concept in concepts(text)


def test_licence_notice_does_not_speak_for_open_data():
    assert "open-data" not in concepts("Available on the open data portal")


def test_policy_makers_are_no_makers():
    assert "fablab" not in concepts("policy makers and decision makers")


def test_shareholding_report_is_no_participation():
    assert "participation" not in concepts("Beteiligungsbericht der Stadt")


def test_every_language_file_knows_the_main_concepts():
    assert {"de", "en", "es", "fr", "it", "nl", "pl"} <= set(load_lexicon().languages)


@pytest.mark.parametrize("language", load_lexicon().languages)
def test_every_pattern_of_a_language_can_be_compiled(language):
    assert load_lexicon().match("data", [language])[1] == 1


def test_unknown_concept_names_file_and_concept():
    with pytest.raises(LexiconError, match=r"xx\.toml.*robot"):
        Lexicon({"data": ["digital"]}, {"xx": {"robot": ["robot*"]}})
