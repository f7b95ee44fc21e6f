import json

import pytest

from classifiers.labels import agreement, kappa, read_labels, settled
from classifiers.queue import queue


def line(**more):
    return json.dumps({"id": "jobs:1", "annotator": "a1", "grade": "core", **more})


def test_published_names_and_identifiers_are_both_read_as_names():
    labels, problems = read_labels([line(areas=["Science", "culture-and-arts"], trends=["Open data"])])
    assert problems == []
    assert labels[0]["areas"] == ["Science", "Culture and arts"]
    assert labels[0]["trends"] == ["Open data"]


def test_guide_and_pass_of_the_label_file_are_kept():
    labels, _ = read_labels([line(guide="1.0", **{"pass": 2})])
    assert (labels[0]["guide_version"], labels[0]["pass"]) == ("1.0", 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"id": "a", "grade": "core"}', "annotator"),
        (line(grade="maybe"), "grade"),
        (line(areas=["Sport"]), "Sport"),
        (line(areas="Science"), "list"),
        (line(grade="none", areas=["Science"]), "only"),
        (line(**{"pass": 0}), "pass"),
    ],
)
def test_wrong_line_is_named_and_the_others_are_read(text, reason):
    labels, problems = read_labels([line(), text])
    assert len(labels) == 1
    assert problems[0].startswith("line 2")
    assert reason in problems[0]


def test_kappa_of_the_textbook_example():
    # Cohen (1960): 50 items, 20 yes-yes, 15 no-no, 5 and 10 mixed: observed .7, by chance .5
    first = ["y"] * 20 + ["y"] * 5 + ["n"] * 10 + ["n"] * 15
    second = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert kappa(first, second) == 0.4


def test_agreement_pairs_the_two_passes_of_an_item():
    rows = [
        {"id": "1", "annotator": "a1", "pass": 1, "grade": "core", "areas": ["Science"], "kind": "post"},
        {"id": "1", "annotator": "a2", "pass": 2, "grade": "adjacent", "areas": ["Science"], "kind": "post"},
        {"id": "2", "annotator": "a1", "pass": 1, "grade": "none", "areas": []},
        {"id": "2", "annotator": "a2", "pass": 2, "grade": "none", "areas": []},
        {"id": "3", "annotator": "a1", "pass": 1, "grade": "none", "areas": []},
    ]
    result = agreement(rows)
    assert (result["labels"], result["items"], result["double"]) == (5, 3, 2)
    assert (result["areas_f1"], result["by_kind"]["post"]["double"]) == (1.0, 1)


def signals(n=200):
    return [
        {"id": f"s{i:03}", "source": f"source-{i % 5}", "language": "en",
         "dsi": {"score": i / n, "matched": [{"concept": str(k)} for k in range(i % 20)]}}
        for i in range(n)
    ]  # fmt: skip


def test_queue_has_every_reason_in_its_share_and_no_item_twice():
    chosen = queue(signals(), size=50, seed=3, labelled={"source-0": 9, "source-1": 9, "source-2": 9})
    reasons = [row["reason"] for row in chosen]
    assert len({row["id"] for row in chosen}) == 50
    assert {r: reasons.count(r) for r in set(reasons)} == {
        "random": 10, "uncertain": 20, "new source": 10, "disagreement": 10,
    }  # fmt: skip


def test_new_source_items_come_from_sources_without_labels():
    rows = signals()
    chosen = queue(rows, size=50, seed=3, labelled={f"source-{i}": 9 for i in range(4)})
    source = {row["id"]: row["source"] for row in rows}
    assert {source[row["id"]] for row in chosen if row["reason"] == "new source"} == {"source-4"}


def test_queue_is_repeatable_and_short_pools_are_taken_whole():
    assert queue(signals(), seed=1) == queue(signals(), seed=1)
    assert len(queue(signals(7), size=50)) == 7


def reading(grade, number, areas=()):
    return {
        "id": "1",
        "annotator": f"a{number}",
        "pass": number,
        "grade": grade,
        "areas": list(areas),
        "trends": [],
    }


@pytest.mark.parametrize(
    ("grades", "result"),
    [
        (["core"], "core"),
        (["core", "adjacent"], "core"),
        (["none", "core"], "none"),
        (["core", "adjacent", "adjacent"], "adjacent"),
        (["core", "none", "adjacent"], "adjacent"),
        (["adjacent", "none", "core", "core"], "adjacent"),
        (["none", "core", "core", "adjacent"], "adjacent"),
    ],
)
def test_readings_come_to_their_median_and_the_first_decides_a_draw(grades, result):
    readings = [reading(grade, number) for number, grade in enumerate(grades, 1)]
    assert settled(readings)["grade"] == settled(readings[::-1])["grade"] == result


def test_areas_are_those_of_at_least_half_of_the_readings_that_found_the_item_relevant():
    readings = [
        reading("core", 1, ["Science"]), reading("none", 2), reading("adjacent", 3, ["Science", "Culture and arts"]),
        reading("core", 4, ["Science"]),
    ]  # fmt: skip
    assert settled(readings)["areas"] == ["Science"]
    assert settled([reading("none", 1), reading("core", 2, ["Science"])])["areas"] == []
