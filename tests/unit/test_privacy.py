"""Masking of e-mail addresses and phone numbers."""

import json
import re
from pathlib import Path

import pytest

from crawler.normalise.privacy import mask

ADS = Path(__file__).parents[3] / "shared" / "data" / "jobs" / "ads.jsonl"


@pytest.mark.parametrize(
    "text", ["ann.example@mail.example.org", "ann [at] example.org", "ann(at)example.org"]
)
def test_email_is_masked(text):
    assert mask(f"Write to {text} now") == "Write to [email] now"


@pytest.mark.parametrize(
    "number",
    ["+44 20 7946 0000", "+49 (0)30 901820-00", "0049 30 90182000", "0171 123 45 67", "01 23 45 67 89", "70/953-5082",
     "48 13 51 63", "(555) 123-4567", "+36/1/421-6666", "913 00 044"],
)  # fmt: skip
def test_phone_number_is_masked(number):
    assert mask(f"Questions: {number}.") == "Questions: [phone]."


@pytest.mark.parametrize(
    "text",
    ["2021-2027", "2025.12.01 - 2027.11.30", "31.12.2025", "1 600 000 kr", "EUR 15 215,41", "75002 Paris",
     "reg. 40203697229", "case 2018-138887", "08.00-16.00", "1300-2000", "grant 101095359", "2025-02-1552"],
)  # fmt: skip
def test_other_numbers_survive(text):
    assert mask(text) == text


@pytest.mark.recorded
def test_nothing_personal_is_left_in_real_adverts():
    if not ADS.exists():
        pytest.skip("recorded adverts are not beside the repository")
    text = "\n".join(
        mask(json.loads(line)["text"] or "") for line in ADS.read_text(encoding="utf-8").split("\n") if line
    )
    assert re.findall(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", text) == []
    assert re.findall(r"\+\d{1,3}[ (/-]?\d[\d ()/-]{6,}\d", text) == []
    assert re.findall(r"(?i)\b(?:tel|telefon|phone|mobil)\.?:? ?\d[\d /-]{6,}\d", text) == []
