"""Dates as real sources write them."""

import pytest

from crawler.normalise.dates import parse_date


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-12-01+01:00", "2026-12-01T00:00:00"),
        ("2024-01-30 23:11:59 UTC", "2024-01-30T23:11:59"),
        ("2025-02-26T16:09:12+0100\n", "2025-02-26T15:09:12"),
        ("2025-02-26T16:09:12.123Z", "2025-02-26T16:09:12.123000"),
        ("Tue, 15 Nov 1994 12:45:26 GMT", "1994-11-15T12:45:26"),
        ("1670198400", "2022-12-05T00:00:00"),
        (1670198400000, "2022-12-05T00:00:00"),
        ("/Date(1670198400000)/", "2022-12-05T00:00:00"),
        ("31.01.2027", "2027-01-31T00:00:00"),
        ("05/06/2014", "2014-06-05T00:00:00"),
        ("2025. 09. 09.", "2025-09-09T00:00:00"),
        ("15 March 2027", "2027-03-15T00:00:00"),
        ("28 février 2027", "2027-02-28T00:00:00"),
        ("1 юни 2027 г.", "2027-06-01T00:00:00"),
        ("30 Απριλίου 2027", "2027-04-30T00:00:00"),
        ("2025 m. gruodžio 1 d.", "2025-12-01T00:00:00"),
        ("2025. gada 1. decembris", "2025-12-01T00:00:00"),
        ("31 grudnia 2026 r.", "2026-12-31T00:00:00"),
        ("2020-07", "2020-07-01T00:00:00"),
        ("July 2025", "2025-07-01T00:00:00"),
        ("2017", "2017-01-01T00:00:00"),
    ],
)
def test_date_is_read(raw, expected):
    assert parse_date(raw).replace(tzinfo=None).isoformat() == expected


@pytest.mark.parametrize(
    "raw",
    [None, "", "soon", 0, "0", "1970-01-01", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31",
     "1900-01-01", "31.02.2025", "2025.12.01 - 2027.11.30", "05/17/2023", True, float("nan"), float("inf")],
)  # fmt: skip
def test_what_is_no_date_stays_empty(raw):
    assert parse_date(raw) is None


def test_month_comes_first_only_in_the_us():
    assert parse_date("05/17/2023", "US").day == 17


@pytest.mark.parametrize(("country", "month"), [("PL", 11), ("HR", 10)])
def test_country_decides_between_two_readings_of_a_month(country, month):
    assert parse_date("1 listopada 2026", country).month == month


def test_ambiguous_month_without_country_stays_unread():
    assert parse_date("1 listopada 2026") is None
