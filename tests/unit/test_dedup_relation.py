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
    "place": "Ghent",
    "date": "2026-03-02",
    "source": "board-one",
}
NOTICE = {
    "kind": "notice", "title": "Maintenance of the open data platform of the region", "text": BODY,
    "organisation": "Region North", "date": "2026-01-10", "source": "ted", "amount": 90_000, "currency": "EUR",
}  # fmt: skip


def pair(*changes, base=BASE):
    first, second = changes if len(changes) == 2 else ({}, changes[0])
    return relate(read(base | first, "a")[0], read(base | second, "b")[0])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"place": "Leuven"}, "place differs"),
        ({"title": "Data teacher"}, "title words differ"),
        ({"title": "Senior open data officer"}, "title words differ"),
        ({"organisation": "Harbour Museum"}, "organisation differs"),
        ({"date": "2026-11-20", "text": BODY[:-60]}, "published months apart"),
        ({"title": "Open data officer with German"}, "role language differs"),
        ({"title": "Open data officer, May"}, "months in the title differ"),
    ],
)
def test_another_instance_of_an_advert_template_is_a_series(changes, reason):
    found = pair(changes)
    assert (found.kind, found.reason) == ("series", f"same template; {reason}")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"requisition_id": "R-100"}, {"requisition_id": "R-101"}),
        ({"title": "Open data officer #100"}, {"title": "Open data officer #101"}),
        ({"title": "French support agent"}, {"title": "Dutch support agent"}),
        (
            {"text": f"{BODY} Apply at example.org/invite/239859"},
            {"text": f"{BODY} Apply by mail, invite 239849"},
        ),
    ],
)
def test_two_numbers_or_two_languages_are_two_vacancies(one, two):
    assert pair(one, two).kind == "series"


@pytest.mark.parametrize(
    ("one", "two"),
    [("Traffic 2023", "Traffic 2024"), ("Verkehr Januar", "Verkehr März"), ("Map A", "Map A - DOM")],
)
def test_another_period_or_part_of_a_dataset_is_a_series(one, two):
    left, right = ({"kind": "dataset", "title": title, "text": BODY} for title in (one, two))
    assert relate(read(left, "a")[0], read(right, "b")[0]).kind == "series"


def test_a_label_before_the_title_of_a_dataset_changes_nothing():
    left, right = (
        {"kind": "dataset", "title": t, "text": BODY} for t in ("Ground water", "INSPIRE - Ground water")
    )
    assert relate(read(left, "a")[0], read(right, "b")[0]).kind == "same"


@pytest.mark.parametrize(
    ("field", "one", "two"),
    [("recipient", "Red Club", "Blue Club"), ("amount", 100, 200), ("date", "2025-01-01", "2025-03-01")],
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
        {"title": "Open Data Officer | Town Library", "source": "board-two"},
        {"place": "België", "country": "BE", "source": "board-two"},
        {"date": "2026-04-20", "text": f"Apply now. {BODY} Share this job."},
    ],
)
def test_a_re_post_is_the_same(changes):
    assert pair(changes).kind == "same"


def test_another_title_is_the_same_on_another_board_only():
    assert pair({"title": "Officer for public data", "source": "board-two"}).kind == "same"
    assert pair({"title": "Officer for public data"}).kind == "series"


def test_sister_firms_post_one_vacancy():
    one, two = {"organisation": "Aerowing Nordic"}, {"organisation": "SIA Aerowing Engineering"}
    assert pair(one, two).kind == "same"


def test_two_texts_on_one_board_on_one_day_are_two_vacancies():
    other = BODY.replace("library", "archive").replace("citizens", "schools").replace("river", "harbour")
    assert pair({"text": other}).kind == "series"
    assert pair({"text": other, "date": "2026-03-30"}).kind == "same"


def test_one_address_in_two_languages_is_the_same():
    one = {"url": "https://example.org/en/jobs/7", "language": "en"}
    two = {
        "url": "https://example.org/it/jobs/7",
        "language": "it",
        "title": "Responsabile dei dati",
        "text": "Cerchiamo",
    }
    assert pair(one, two).reason == "one address in two languages"
    assert pair(one, two | {"url": "https://example.org/it/jobs/8"}).kind is None


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"recipient": "Data Works", "amount": 84_500, "date": "2026-05-02"}, "same"),
        ({"recipient": "Data Works", "amount": 84_500, "date": "2028-05-02"}, "series"),
        ({"amount": 84_500, "date": "2026-05-02"}, "series"),
    ],
)
def test_the_notices_of_one_procurement_are_one_thing(changes, kind):
    assert pair(changes, base=NOTICE).kind == kind


def test_lots_won_by_two_firms_are_a_series():
    assert pair({"recipient": "Data Works"}, {"recipient": "Tool Makers"}, base=NOTICE).kind == "series"


@pytest.mark.parametrize("texts", [(BODY, "Another text"), (BODY, BODY)])
def test_shared_identifiers_are_the_same(texts):
    one, two = ({"text": text, "identifiers": ["10.5281/zenodo.123"]} for text in texts)
    assert pair(one, two).reason == "shared identifier"


def test_kinds_are_never_compared():
    assert pair({"kind": "dataset"}).kind is None


def test_a_loose_record_without_kind_is_read_by_its_fields():
    loose = {k: v for k, v in BASE.items() if k not in {"kind", "organisation"}} | {
        "employer": "Town Library"
    }
    assert read(loose, "a")[0].group == "job_advert"
    assert read({"title": "Call", "funder": "Region"}, "a")[0].group == "money"


def test_odd_input_becomes_an_error_record():
    answers = list(deduplicate([BASE | {"id": "a"}, 7, {"title": []}]))
    assert [bool(answer.get("error")) for answer in answers] == [False, True, True]
    assert answers[1]["error"] == "record 2 is no JSON object with an id"


def test_a_single_record_is_its_own_cluster():
    assert list(deduplicate([BASE | {"id": "a"}])) == [
        {"id": "a", "cluster": "a", "canonical": "a", "series": None, "reason": None}
    ]


def test_a_record_that_fits_two_does_not_join_them():
    towns = [BASE | {"id": town, "place": town, "country": "BE"} for town in ("Ghent", "Leuven")]
    vague = BASE | {"id": "vague", "place": "Belgium", "country": "BE", "text": BODY[:-40]}
    found = {a["id"]: a["cluster"] for a in deduplicate([*towns, vague])}
    assert found["Ghent"] != found["Leuven"]
    assert found["vague"] in {found["Ghent"], found["Leuven"]}


def test_the_earliest_publication_is_canonical():
    later, first = BASE | {"id": "a", "date": "2026-03-20"}, BASE | {"id": "b", "source": "board-two"}
    assert {a["canonical"] for a in deduplicate([later, first])} == {"b"}


OTHER_BOARD = {"source": "board-two", "date": "2026-03-20"}


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Colleague for data, citizens and volunteers"},
        {"title": "URGENT: open data officer - Ghent - immediate start"},
        {"title": "Open data colleague", "organisation": None},
        {"title": "Library data colleague", "organisation": "Library of the Town"},
    ],
)
def test_title_that_another_board_wrote_from_the_same_text_tells_nothing_apart(changes):
    assert pair(OTHER_BOARD | changes).kind == "same"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Map keeper", "text": f"{BODY} As a map keeper you draw maps."},
        {"title": "Junior open data officer"},
        {"title": "Colleague for data", "place": "Leuven"},
        {"title": "Colleague for data", "organisation": "Harbour Museum"},
        {"title": "Colleague for data", "date": "2026-09-01"},
        {"title": "Colleague for data", "source": "board-one"},
    ],
)
def test_subject_in_its_own_text_only_or_another_difference_keeps_the_two_boards_apart(changes):
    assert pair(OTHER_BOARD | changes).kind == "series"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"country": "BE"}, {"country": "België"}),
        ({"country": "United Kingdom"}, {"country": "GBR"}),
        ({"place": "München"}, {"place": "Munich, Bavaria", "country": "Germany"}),
        ({"organisation": "Office for Open Town Data"}, {"organisation": "OOTD"}),
    ],
)
def test_one_country_city_or_body_written_in_two_ways_is_no_difference(one, two):
    assert pair(one, OTHER_BOARD | two).kind == "same"
