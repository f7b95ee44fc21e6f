"""Template traps and re-posts."""

import pytest

from crawler.dedup import deduplicate, read, relate

BODY = (
    "The town library looks for a colleague who opens our data to the public, keeps the catalogue in order, "
    "answers questions of citizens and helps volunteers to build useful tools. You work with a small team, "
    "you like to explain things, and you know how to write a little code. We offer training, a fair salary "
    "and a desk with a view over the river. Write to us before the end of the month and tell us who you are."
)
BASE = {
    "kind": "job_advert",
    "title": "Open data officer",
    "text": BODY,
    "organisation": "Town Library",
    "place": "Arlen",
}


def pair(**changes):
    return relate(read(BASE, "a")[0], read(BASE | changes, "b")[0]).kind


@pytest.mark.parametrize(
    "changes",
    [
        {"place": "Bexen"},
        {"title": "Data teacher"},
        {"organisation": "Harbour Museum"},
    ],
)
def test_another_instance_of_an_advert_template_is_a_series(changes):
    assert pair(**changes) == "series"


def test_another_requisition_is_a_series():
    left, right = BASE | {"requisition_id": "R-100"}, BASE | {"requisition_id": "R-101"}
    assert relate(read(left, "a")[0], read(right, "b")[0]).kind == "series"


@pytest.mark.parametrize(
    ("one", "two"), [("Traffic 2023", "Traffic 2024"), ("Verkehr Januar", "Verkehr März")]
)
def test_another_period_of_a_dataset_is_a_series(one, two):
    left, right = ({"kind": "dataset", "title": title, "text": BODY} for title in (one, two))
    assert relate(read(left, "a")[0], read(right, "b")[0]).kind == "series"


@pytest.mark.parametrize(
    ("field", "one", "two"), [("recipient", "Red Club", "Blue Club"), ("amount", 100, 200)]
)
def test_another_award_of_a_programme_is_a_series(field, one, two):
    left, right = (
        {"kind": "award", "title": "Local grant", "text": BODY, field: value} for value in (one, two)
    )
    assert relate(read(left, "a")[0], read(right, "b")[0]).kind == "series"


@pytest.mark.parametrize(
    "changes",
    [
        {"organisation": "TOWN LIBRARY Ltd."},
        {"text": BODY.replace("colleague", "**colleague**")},
        {"text": BODY[120:]},
        {"title": "Open Data Officer (m/w/d)"},
    ],
)
def test_a_re_post_is_the_same(changes):
    assert pair(**changes) == "same"


def test_kinds_are_never_compared():
    assert pair(kind="dataset") is None


def test_odd_input_becomes_an_error_record():
    answers = deduplicate([BASE | {"id": "a"}, 7, {"title": []}])
    assert [bool(answer.get("error")) for answer in answers] == [False, True, True]


def test_a_single_record_is_its_own_cluster():
    assert deduplicate([BASE | {"id": "a"}]) == [
        {"id": "a", "cluster": "a", "canonical": "a", "series": None, "reason": None}
    ]
