"""What single boards write in a way of their own: languages, countries, hidden places, empty answers."""

import json

import pytest

from crawler.errors import SourceResponseError
from crawler.loader import protocols
from crawler.parse import parse_file
from tests.support.adverts import ANSWERS, LEVER, RECRUITEE, WORKABLE


def read(tmp_path, protocol, body, **params):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    return list(parse_file(protocol, path, None, params, protocols()))


def offer(**translations):
    """An English offer under a title that is the same in every language."""
    return {
        **RECRUITEE, "title": "Data Engineer", "description": "<p>We open data.</p>",
        "translations": {
            language: {"title": "Data Engineer", "description": text} for language, text in translations.items()
        },
    }  # fmt: skip


def languages(tmp_path, record, **params):
    return [found.language_declared for found in read(tmp_path, "recruitee", {"offers": [record]}, **params)]


def test_titles_that_are_equal_leave_the_choice_to_the_text(tmp_path):
    record = offer(nl="<p>Wij openen data.</p>", en="<p>We  open data.</p>")
    assert languages(tmp_path, record) == ["en"]


def test_a_language_without_a_text_gives_way_to_the_one_whose_text_it_is(tmp_path):
    assert languages(tmp_path, offer(nl=None, en="<p>We open data.</p>")) == ["en"]


@pytest.mark.parametrize("text", ["<p>We open data.</p>", None], ids=["same text", "no text"])
def test_a_language_that_cannot_be_told_is_not_stated(tmp_path, text):
    assert languages(tmp_path, offer(nl=text, en=text)) == [None]


def test_the_text_of_another_language_does_not_make_an_offer_of_that_language(tmp_path):
    assert languages(tmp_path, offer(nl="<p>Wij openen data.</p>")) == [None]


def test_variants_hold_every_language(tmp_path):
    record = offer(nl="<p>Wij openen data.</p>", en="<p>We open data.</p>")
    assert languages(tmp_path, record, variants=True) == ["en", "nl"]


def test_a_variant_without_a_title_of_its_own_has_that_of_the_offer(tmp_path):
    record = offer(en="<p>We open data.</p>")
    record["translations"]["nl"] = {"title": None, "description": "<p>Wij openen data.</p>"}
    _, variant = read(tmp_path, "recruitee", {"offers": [record]}, variants=True)
    assert (variant.native_id, variant.title) == ("3:nl", "Data Engineer")
    assert "Wij openen data." in variant.html


def test_the_country_of_a_lever_post_is_that_of_its_first_place(tmp_path):
    (found,) = read(tmp_path, "lever", [LEVER])
    assert [(place.raw, place.country) for place in (found.place, *found.places)] == [
        ("Ghent", "BE"),
        ("Graz", None),
    ]


def test_a_place_that_the_employer_hides_is_left_out(tmp_path):
    hidden = {"city": "Patras", "countryCode": "GR", "hidden": True}
    record = {**WORKABLE, "locations": [hidden, *WORKABLE["locations"]]}
    (found,) = read(tmp_path, "workable", {"jobs": [record]})
    assert ([found.place.city], found.places) == (["Athens"], [])


def test_an_advert_whose_places_are_all_hidden_has_none(tmp_path):
    hidden = [{"city": "Patras", "countryCode": "GR", "hidden": True}]
    (found,) = read(tmp_path, "workable", {"jobs": [{**WORKABLE, "city": "Patras", "locations": hidden}]})
    assert found.place is None


@pytest.mark.parametrize(
    "answer", [{"page": 1, "size": 100}, {"maxErgebnisse": 0}, {"maxErgebnisse": "0", "facetten": []}]
)
def test_an_answer_of_the_agency_without_a_list_is_empty(tmp_path, answer):
    assert [found.code for found in read(tmp_path, "arbeitsagentur", answer)] == ["empty-board"]


@pytest.mark.parametrize("answer", [{}, {"message": "x"}, {"maxErgebnisse": 7, "page": 1}])
def test_an_answer_of_the_agency_that_lacks_its_list_is_refused(tmp_path, answer):
    with pytest.raises(SourceResponseError):
        read(tmp_path, "arbeitsagentur", answer)


def test_work_that_may_be_done_at_home_is_hybrid(tmp_path):
    record = {**ANSWERS["arbeitsagentur"][1], "homeofficemoeglich": True}
    (found,) = read(tmp_path, "arbeitsagentur", {"ergebnisliste": [record]})
    assert found.location_mode == "hybrid"
