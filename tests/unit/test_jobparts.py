"""Contract, mode, place, salary and text of adverts in the spellings of many sources."""

import pytest

from crawler.items import Organisation
from crawler.normalise.text import plain_text
from crawler.sources import Source
from spiders.formats.jobparts import (
    employment_types,
    full_text,
    location_mode,
    number,
    only_mode,
    place_of,
    salary,
    unit_of,
    with_sector,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("FullTime", ["FULL_TIME"]),
        ("full_time", ["FULL_TIME"]),
        ("Full-time", ["FULL_TIME"]),
        ("Heltid", ["FULL_TIME"]),
        ("https://schema.org/FULL_TIME", ["FULL_TIME"]),
        ("Teilzeit", ["PART_TIME"]),
        ("Temps partiel", ["PART_TIME"]),
        ("Heltid_og_Deltid", ["FULL_TIME", "PART_TIME"]),
        (["vz", "tz"], ["FULL_TIME", "PART_TIME"]),
        ("parttime_fixed_term", ["PART_TIME", "TEMPORARY"]),
        ("CDD - Alternance", ["TEMPORARY", "INTERN"]),
        ("INTERN", ["INTERN"]),
        ("Internship", ["INTERN"]),
        ("Contract", ["CONTRACTOR"]),
        ("Freelance", ["CONTRACTOR"]),
        ("Ehrenamt", ["VOLUNTEER"]),
        ("PER_DIEM", ["PER_DIEM"]),
        ("OTHER", ["OTHER"]),
        ("Annet", ["OTHER"]),
        ("Permanent", []),
        ("Kontraktsform", []),
        ("", []),
        (None, []),
        ({"label": "Full time"}, ["FULL_TIME"]),
    ],
)
def test_contracts_are_those_of_schema_org(written, meant):
    assert employment_types(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("OnSite", "onsite"),
        ("on-site", "onsite"),
        ("onsite", "onsite"),
        ("Hybrid", "hybrid"),
        ("Remote - EU", "remote"),
        ("fully", "remote"),
        ("Hybrid remote", "hybrid"),
        ("unspecified", None),
        ("Not specified", None),
        (None, None),
    ],
)
def test_the_mode_of_work_is_one_of_three(written, meant):
    assert location_mode(written) == meant


def test_the_first_value_that_names_a_mode_decides():
    assert location_mode(None, "Graz", "hybrid", "remote") == "hybrid"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("YEAR", "YEAR"),
        ("per-year-salary", "YEAR"),
        ("1 MONTH", "MONTH"),
        ("hourly", "HOUR"),
        ("per week", "WEEK"),
        ("Pay range", None),
        (None, None),
    ],
)
def test_periods_are_those_of_schema_org(written, meant):
    assert unit_of(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("4,000", 4000), ("52000.0000", 52000), (True, None), ("x", None), ("", None), (None, None)],
)
def test_numbers_are_read_or_left(written, meant):
    assert number(written) == meant


def test_zero_is_no_salary_and_a_text_alone_is_kept_as_written():
    assert salary(0, 0, "EUR", "YEAR") is None
    assert salary(raw="nach Tarif").raw == "nach Tarif"
    assert salary(None, 5).amount == 5


def test_a_country_may_be_a_code_or_a_name():
    assert [place_of("Graz", None, c).country for c in ("at", "AUT", "Österreich", "Austria", "?")] == [
        "AT",
        "AT",
        "AT",
        "AT",
        None,
    ]


def test_a_place_names_each_part_once_and_needs_one():
    assert place_of("Bath ", "Bath", "GB").raw == "Bath, GB"
    assert place_of(raw="Remote", country="Norge").country == "NO"
    assert place_of(raw="Remote", country="anywhere").raw == "Remote, anywhere"
    assert place_of() is None


def test_coordinates_come_in_pairs_and_never_as_null_island():
    assert (place_of("Graz", lat=47.07, lon=None).lat, place_of("Graz", lat=0, lon=0).lat) == (None, None)


def test_parts_of_a_text_get_their_headings_and_lines_stay_lines():
    text = plain_text(full_text(("You & us", "<p>One</p>"), None, "", [("", "a\nb")], 5))
    assert text == "You & us\nOne\na\nb"


@pytest.mark.parametrize("body", ["<p>a</p>", "&lt;p&gt;a&lt;/p&gt;", "&amp;lt;p&amp;gt;a&amp;lt;/p&amp;gt;"])
def test_markup_that_was_escaped_is_markup_again(body):
    assert full_text(body) == "<p>a</p>"


def source(sector="civil-society"):
    publisher = {"name": "Lab Österreich", "sector": sector}
    return Source(
        id="s", family="jobs", title="S", protocol="lever", url="https://a.example", publisher=publisher
    )


def test_the_sector_of_the_publisher_is_that_of_its_adverts_with_the_rule():
    found = with_sector(Organisation(name="lab osterreich"), source())
    assert (found.sector, found.sector_rule) == ("civil-society", "source:publisher")


def test_another_employer_keeps_its_own_sector_unless_the_source_has_one_employer_only():
    assert with_sector(Organisation(name="Civic Lab"), source()).sector is None
    assert with_sector(Organisation(name="Civic Lab"), source(), only=True).sector == "civil-society"
    assert with_sector(Organisation(name="X", sector="public"), source(), only=True).sector == "public"
    assert with_sector(Organisation(name="X"), source(None), only=True).sector is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hybrid", True),
        ("Remote", True),
        ("Fully remote", True),
        ("Remote / On-site", True),
        ({"name": "Hybrid working"}, True),
        ("Remote, Graz", False),
        ("Remote - EU", False),
        ("Graz", False),
        ("", False),
        (None, False),
    ],
)
def test_a_mode_of_work_is_told_from_a_place(text, expected):
    assert only_mode(text) is expected
