"""Masking of e-mail addresses and phone numbers."""

import pytest

from crawler.normalise.privacy import mask


@pytest.mark.parametrize(
    "text",
    [
        "ann.example@mail.example.org",
        "ann [at] example.org",
        "ann(at)example.org",
        r"ann.example@big\-town.example.org",
    ],
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


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Kontaktinformācija: 20312478", "Kontaktinformācija: [phone]"),
        ("zvanot uz tālr.26149889 vai", "zvanot uz tālr.[phone] vai"),
        ("Tālrunis papildus informācijai: 28758002", "Tālrunis papildus informācijai: [phone]"),
        ("a@b.example.org, t. 27373777, 22073600.", "[email], t. [phone], [phone]."),
        ("ta kontakt med Ola på 92241979. Søk", "ta kontakt med Ola på [phone]. Søk"),
        ("bel naar 0499 – 366 000 of", "bel naar [phone] of"),
        ("pa mobil 41\n63 10 86.", "pa mobil [phone]."),
        (r"phone number 040\- 2142616\.", r"phone number [phone]\."),
        ("Jan Mayen, 76 11 66 41/ 416 14 193", "Jan Mayen, [phone]/[phone]"),
    ],
)
def test_numbers_without_a_form_of_their_own_are_masked_beside_a_contact(text, masked):
    assert mask(text) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "[email], reģ. Nr. 40203697", "kontakt: https://permalink.example.org/75845071.aspx", "CPV 79713000-5",
        "Kod CPV: 79710000, 79711000, 85312310", "POWR.03.05.00.00-Z307/17", "1998 - Nr. 01 – 02, 05 – 26 1999",
        "DE89 3704 0044 0532 0130 00", "contact us, reference no. 20254471", "leverandør på ca. 54 300 000 DKK",
        "@47.1519285,27.6212104", "R-2024/118", "vacancy 23305999", "(EU) 2016/679",
    ],
)  # fmt: skip
def test_other_numbers_survive_beside_a_contact(text):
    assert mask(text) == text
