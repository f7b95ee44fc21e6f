import pytest

from classifiers.language import measure


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wir suchen eine Person, die ältere Menschen ins Internet begleitet.", "de"),
        ("Lokalna grupa wolontariuszy buduje otwarte czujniki powietrza.", "pl"),
        ("Nous cherchons une animatrice pour les ateliers du quartier.", "fr"),
        ("LES HABITANTS PROPOSENT DES PROJETS POUR LEUR VILLE ET LEUR QUARTIER", "fr"),
    ],
)
def test_language_is_measured(text, language):
    assert measure(text) == language


@pytest.mark.parametrize("text", ["", "ok", "12345 67890 !!! ???", "\x00\x01"])
def test_too_little_text_has_no_language(text):
    assert measure(text) is None
