"""Nothing personal is left in what would be stored of any recorded item.

Numbers are looked for with the `phonenumbers` library and the numbering plan of the item's country, addresses
with a plain pattern: neither is what the masking uses.
"""

import json
import re
from functools import cache

import phonenumbers
import pytest

from crawler.normalise.privacy import mask
from tests.support.dedup_scoring import FILES, POOLS

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.slow,
    pytest.mark.skipif(not POOLS.exists(), reason="the recorded items are not beside the repository"),
]
ITEMS = 7311
ADDRESS = re.compile(r"[\w+-]@(?!media|fixme)[\w\\-]+(?:\\?\.[\w\\-]+)+", re.IGNORECASE)
DATES = re.compile(
    r"\d{4}[-–/. ]+\d{1,4}(?:[-–/. ]+\d{1,2})?|\(?\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4}.*|\(9-12\.02\.2018"
)
NO_NUMBER = re.compile(
    r"(?:\bCPV\b.{0,120}|https?://\S*|Bebauungsplan |\bnr |på ca\. |^\W*)$", re.IGNORECASE | re.DOTALL
)
"""What a number that is none stands after: codes of the common procurement vocabulary, addresses, plans."""
CODE = re.compile(r"\d{8}-\d\b")
REGIONS = {"UK": "GB", "EU": "BE"}


@cache
def stored():
    found = []
    for name in FILES.values():
        for line in (POOLS / name).read_text(encoding="utf-8").split("\n"):
            if line:
                row = json.loads(line)
                found.append((row["id"], row["country"], mask(f"{row['title']}\n{row.get('text') or ''}")))
    return found


def numbers(text, country):
    for match in phonenumbers.PhoneNumberMatcher(text, country, leniency=phonenumbers.Leniency.VALID):
        before = text[max(0, match.start - 130) : match.start]
        raw = match.raw_string
        if not (DATES.fullmatch(raw) or CODE.match(text, match.start) or NO_NUMBER.search(before)):
            yield raw


def test_no_address_is_left():
    assert len(stored()) == ITEMS
    assert [(key, found) for key, _, text in stored() for found in ADDRESS.findall(text)] == []


def test_no_phone_number_is_left():
    left = [(key, raw) for key, c, text in stored() for raw in numbers(text, REGIONS.get(c, c) or "FR")]
    assert left == []


def test_the_search_for_numbers_finds_them():
    assert [*numbers("Zvanot uz 29490638, birojā", "LV")] == ["29490638"]
    assert [*numbers("Appelez le 01 42 34 56 78 merci", "FR")] == ["01 42 34 56 78"]
