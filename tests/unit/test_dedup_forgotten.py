"""A stored signal whose title and text were deleted stays in its cluster, and takes no further ones in."""

import itertools

import pytest

from crawler.dedup import ClusterIndex, read

TEXT = (
    "We look for a data steward who opens the data of the town for its residents and works with volunteers on "
    "open source tools for the library, the schools and the offices of the town, in the open and with a budget."
)


def advert(key, day):
    """One vacancy as three boards publish it."""
    return {
        "kind": "job_advert", "title": "Data steward", "text": TEXT, "organisation": {"name": "Town of Example"},
        "url": f"https://{key}.example.org/job", "published_at": f"2026-01-0{day}", "source": key,
    }  # fmt: skip


ADVERTS = {key: advert(key, day) for day, key in enumerate("abc", start=1)}


@pytest.mark.parametrize("gone", "abc")
@pytest.mark.parametrize("order", list(itertools.permutations("abc")), ids="".join)
def test_the_cluster_of_a_forgotten_signal_is_not_split(gone, order):
    index = ClusterIndex()
    for key in order:
        forgotten = {"title": "", "text": ""} if key == gone else {}
        record, _ = read(ADVERTS[key] | forgotten, key)
        index.add(record, read(ADVERTS[key], key)[1], cluster="a")
    assert {(index.link(key).cluster, index.link(key).canonical) for key in "abc"} == {("a", "a")}


def test_a_forgotten_signal_is_the_same_as_no_new_one():
    index = ClusterIndex()
    forgotten, _ = read(ADVERTS["a"] | {"title": "", "text": ""}, "a")
    index.add(forgotten, read(ADVERTS["a"], "a")[1], cluster="a")
    index.add(*read(ADVERTS["b"], "b"))
    assert index.link("b").cluster == "b"
