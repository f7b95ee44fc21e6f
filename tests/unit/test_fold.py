import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.fold import fold, fold_with_offsets


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Łódź", "lodz"), ("đak", "dak"), ("Ħamrun", "hamrun"), ("Straße", "strasse"), ("Øre", "ore"),
     ("sœur", "soeur"), ("Ærlig", "aerlig"), ("ΛΌΓΟΣ", "λογοσ"), ("ﬁn", "fin")],
)  # fmt: skip
def test_letters_of_all_languages_meet_in_one_form(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=80))
def test_offsets_stay_inside_the_text_and_never_go_back(text):
    folded, offsets = fold_with_offsets(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)


def test_offsets_point_at_the_original_letters():
    text = "Großer Bürgerhaushalt"
    folded, offsets = fold_with_offsets(text)
    start = folded.index("burgerhaushalt")
    assert text[offsets[start] :] == "Bürgerhaushalt"
