"""Words, keys, names, titles, the hash table and the sets under the decision."""

import random
from itertools import permutations

import pytest

from classifiers.fold import fold
from crawler.dedup import ClusterIndex
from crawler.dedup.buckets import Buckets
from crawler.dedup.calendar import language_code, month_numbers
from crawler.dedup.keys import page_of, signature, strong_identifiers
from crawler.dedup.names import bodies, places
from crawler.dedup.reasons import Reasons
from crawler.dedup.record import similarity
from crawler.dedup.records import read
from crawler.dedup.sets import Sets
from crawler.dedup.titles import labelled, read_title
from crawler.dedup.words import WORD, words


@pytest.mark.parametrize(
    "text", ["", "Ça va? **Très** bien_sûr", "ΑΘΗΝΑ, ΕΛΛΆΔΑ·", "a\u00a0b\u2003c\n- d", "łódź ß"]
)
def test_words_are_those_of_the_folded_text(text):
    assert words(text) == WORD.findall(fold(text).replace("_", " "))
    assert words(text) == words(text), "the second look comes from the cache"


def test_estimated_similarity_is_close_to_the_exact_one():
    rng = random.Random(3)
    stock = [f"w{rng.randrange(5000)}" for _ in range(400)]
    other = stock[60:] + [f"x{n}" for n in range(60)]
    grams = [{tuple(t[i : i + 3]) for i in range(len(t) - 2)} for t in (stock, other)]
    exact = len(grams[0] & grams[1]) / len(grams[0] | grams[1])
    left, right = (read({"title": "t", "text": " ".join(t)}, k)[0] for t, k in ((stock, "a"), (other, "b")))
    assert abs(similarity(left, right) - exact) < 0.12


def test_short_texts_have_no_signature():
    assert signature(["one", "two"]) == b""


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ("ACME GmbH", "acme", "equal"),
        ("Acme Tools Ltd", "Acme", "agree"),
        ("Basic-Fit", "BasicFit B.V.", "agree"),
        ("Aerowing Nordic", "Aerowing Engineering", "related"),
        ("University of Graz", "University of Braga", "differ"),
        ("Acme", None, "unknown"),
    ],
)
def test_names_of_bodies(one, two, found):
    assert bodies(one, two) == bodies(two, one) == found


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ("Amsterdam Zuid, NH, NL", "Amsterdam, North Holland, Netherlands", "agree"),
        ("Nederland", "Tilburg", "unknown"),
        ("Remote", "Tilburg", "unknown"),
        ("Lyon", "Lille", "differ"),
        ("Lyon, France", "Ghent, Belgium", "differ"),
        ("Berlin", "BERLIN", "equal"),
    ],
)
def test_places(one, two, found):
    assert places(one, two, None, None) == places(two, one, None, None) == found


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://www.example.org/en/jobs/cto.htm", "http://example.org/it/jobs/cto.htm"),
        ("https://example.org/page?id=3&lang=fr", "https://example.org/page?lang=nl&id=3"),
    ],
)
def test_an_address_without_its_language(one, two):
    assert page_of(one)[0] == page_of(two)[0] != 0
    assert page_of(one)[1] != page_of(two)[1]


@pytest.mark.parametrize(
    "url", [None, "", "no address", "https://example.org/", "https://example.org/en/", "http://[bad"]
)
def test_a_home_page_identifies_nothing(url):
    assert page_of(url)[0] == 0


def test_strong_identifiers():
    given = ["12", "doi:10.5281/ZENODO.7.", "https://example.org/", "https://example.org/d/1?utm_source=x"]
    assert strong_identifiers(given) == ["10.5281/zenodo.7", "example.org/d/1"]


def test_titles_are_taken_apart():
    title = read_title("Budget 2024 für März (Entwurf)", advert=False)
    assert (title.numbers, title.months) == ({"2024"}, {3})
    assert title.core == {"budget"}
    assert labelled("SPW - Carte des sols", advert=False) == {"carte", "sols"}
    assert labelled("Carte des sols", advert=False) is None


@pytest.mark.parametrize(
    ("word", "code"),
    [("german", "de"), ("niemieckim", "de"), ("nederlands", "nl"), ("germany", None), ("officer", None)],
)
def test_languages_are_recognised_in_any_inflection(word, code):
    assert language_code(word) == code


def test_months_of_two_meanings_are_left_out():
    assert month_numbers()["marz"] == 3
    assert "listopad" not in month_numbers()


@pytest.mark.parametrize(
    ("raw", "day"),
    [("2026-03-02", 739677), ("02.03.2026", 739677), ("1772409600", 739677), ("1772409600000", 739677),
     ("2026", None), ("31.02.2026", None), ("", None)],
)  # fmt: skip
def test_days_are_read_from_what_sources_write(raw, day):
    assert read({"title": "t", "date": raw}, "a")[0].day == day


def test_buckets_answer_like_a_dictionary_of_lists():
    rng, buckets, plain = random.Random(1), Buckets(), {}
    for number in range(3000):
        keys = [rng.randrange(4000) for _ in range(7)]
        expected = set()
        for key in keys:
            expected.update(plain.get(key, [])[-5:])
            plain.setdefault(key, []).append(number)
        assert buckets.add(keys, number, 5) - {number} == expected - {number}


def test_sets_are_named_by_their_smallest_member():
    sets = Sets(["d", "b", "c", "a"])
    assert sets.union(0, 1) == [0]
    assert sets.union(2, 3) == [2]
    assert sorted(sets.union(1, 2)) == [0, 1]
    assert [sets.name(n) for n in range(4)] == ["a"] * 4
    assert sorted(sets.mark(1)) == [0, 1, 2, 3]
    assert sets.mark(3) == []


def test_keys_of_an_older_version_in_the_store_are_passed_over():
    index = ClusterIndex()
    record, keys = read({"title": "Officer", "text": "short"}, "a")
    assert index.add(record, ["x:0123456789abcdef", "b12:0123456789abcdef", *keys], cluster="z") == {"a", "z"}
    assert index.link("a").cluster == "a"


def test_the_best_reason_of_a_signal_does_not_depend_on_the_order_of_arrival():
    found = [("series", "b"), ("same", "z"), ("same", "c"), ("series", "a")]
    for order in permutations(found):
        reasons = Reasons()
        for kind, reason in order:
            reasons.add(7, kind, reason)
        assert (reasons.best(7), reasons.best(3), reasons.best(70)) == ("c", None, None)
