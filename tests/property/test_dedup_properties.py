"""The order of arrival decides nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dedup import deduplicate

BODY = "one report on open tools for towns and their people written by many hands over a long and rainy year"
RECORDS = [
    {"id": f"r{n}", "kind": "job_advert", "title": f"Officer {n % 3}", "text": BODY, "organisation": "Town",
     "place": ("Arlen", "Bexen", "")[n % 2], "date": f"2025-01-{9 - n:02d}"}
    for n in range(8)
]  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.permutations(RECORDS))
def test_links_do_not_depend_on_order(records):
    expected = {answer["id"]: answer for answer in deduplicate(RECORDS)}
    assert {answer["id"]: answer for answer in deduplicate(records)} == expected
