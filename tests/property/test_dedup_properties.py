"""The order of arrival decides nothing; a decision does not depend on which signal is named first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dedup import ClusterIndex, deduplicate, read, relate

BODY = "one report on open tools for towns and their people written by many hands over a long and rainy year"
RECORDS = [
    {"id": f"r{n}", "kind": "job_advert", "title": f"Officer {n % 3}", "text": BODY, "organisation": "Town",
     "place": ("Arlen", "Bexen", "")[n % 2], "date": f"2025-01-{9 - n:02d}"}
    for n in range(8)
]  # fmt: skip
VAGUE = [
    {"id": f"v{n}", "kind": "job_advert", "title": "Data officer", "organisation": "Town", "source": f"board{n}",
     "text": " ".join(BODY.split()[n % 3 :]), "country": "BE", "place": ("Ghent", "Leuven", "Belgium", "")[n % 4],
     "date": f"2025-01-{9 - n:02d}"}
    for n in range(8)
]  # fmt: skip
"""Some name the town, some only the country: these fit to more than one of the others."""

VALUES = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["job_advert", "dataset", "award", "notice"]),
        "title": st.sampled_from(
            ["Officer", "Officer (m/w/d)", "Budget 2024", "Budget March", "Town: Budget"]
        ),
        "text": st.sampled_from([BODY, BODY[20:], f"{BODY} apply 123456", "short"]),
        "organisation": st.sampled_from(["Town", "Town Ltd", "City Works"]),
        "place": st.sampled_from(["Ghent", "Leuven", "Belgium"]),
        "date": st.sampled_from(["2025-01-02", "2025-01-20", "2026-03-01"]),
        "recipient": st.sampled_from(["Club", "Other"]),
        "amount": st.sampled_from([5, 7.5]),
        "language": st.sampled_from(["en", "nl"]),
        "url": st.sampled_from(["https://a.example/en/1", "https://a.example/nl/1", "https://b.example/2"]),
        "identifiers": st.sampled_from([["10.5281/zenodo.1"], ["CALL-1"], ["CALL-2"]]),
    },
)


@pytest.mark.parametrize("records", [RECORDS, VAGUE], ids=["templates", "vague places"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_links_do_not_depend_on_order(records, data):
    shuffled = data.draw(st.permutations(records))
    expected = {answer["id"]: answer for answer in deduplicate(records)}
    assert {answer["id"]: answer for answer in deduplicate(shuffled)} == expected


@settings(deadline=None, max_examples=300)
@given(VALUES, VALUES)
def test_a_decision_is_symmetric(one, two):
    left, right = read(one, "a")[0], read(two, "b")[0]
    assert relate(left, right) == relate(right, left)


@settings(deadline=None, max_examples=60)
@given(st.lists(VALUES, max_size=6))
def test_a_known_signal_changes_nothing(values):
    index = ClusterIndex()
    records = [read(value, f"k{number}") for number, value in enumerate(values)]
    for record, keys in records:
        index.add(record, keys)
    before = [index.link(record.id) for record, _ in records]
    assert [index.add(record, keys) for record, keys in records] == [set()] * len(records)
    assert [index.link(record.id) for record, _ in records] == before


@settings(deadline=None, max_examples=60)
@given(st.lists(VALUES, min_size=1, max_size=6))
def test_whatever_changes_is_told(values):
    index, known = ClusterIndex(), {}
    for number, value in enumerate(values):
        record, keys = read(value, f"k{9 - number}")
        changed = index.add(record, keys)
        links = {key: index.link(key) for key in [*known, record.id]}
        told_too_little = {key for key, link in links.items() if known.get(key) != link} - changed
        assert not told_too_little
        known = links
