"""Sums as real sources write them, and their value in euro."""

from datetime import UTC, datetime

import pytest

from crawler.normalise.money import in_euro, parse_money
from crawler.parts import Money


@pytest.mark.parametrize(
    ("raw", "amount", "top", "currency"),
    [
        ("15 215,41 €", 15215.41, None, "EUR"),
        ("15\u202f215,41\u00a0€", 15215.41, None, "EUR"),
        ("€50,000", 50000, None, "EUR"),
        ("30.000 EUR", 30000, None, "EUR"),
        ("5 Mio. Euro", 5e6, None, "EUR"),
        ("2 miljoner kr", 2e6, None, "SEK"),
        ("188.65 Million Euros", 188650000, None, "EUR"),
        ("1.234.567,89 zł", 1234567.89, None, "PLN"),
        ("CHF 80'000", 80000, None, "CHF"),
        ("€1,000 - €5,000", 1000, 5000, "EUR"),
        ("2-5 million EUR", 2e6, 5e6, "EUR"),
        ("10 000 to 20 000 EUR", 10000, 20000, "EUR"),
        ("2024: 5000 EUR", 5000, None, "EUR"),
        (5000, 5000, None, None),
    ],
)
def test_sum_is_read(raw, amount, top, currency):
    money = parse_money(raw)
    assert (money.amount, money.amount_max, money.currency) == (pytest.approx(amount), top, currency)


@pytest.mark.parametrize("raw", [None, "", "to be agreed", "1e9999", "9" * 40])
def test_what_is_no_sum_stays_empty(raw):
    assert parse_money(raw) is None


def test_crown_is_that_of_the_country():
    assert parse_money("100 000 kr", "NO").currency == "NOK"
    assert parse_money("100 000 kr").currency is None


def test_period_of_a_salary():
    assert parse_money("£25.50 per hour").unit == "HOUR"


def test_fixed_rate_needs_no_date():
    assert in_euro(Money(amount=195583, currency="BGN")).eur == 100000


def test_yearly_average_is_named():
    money = in_euro(Money(amount=100, currency="GBP"), datetime(2020, 5, 1, tzinfo=UTC))
    assert (money.eur, money.fx_date) == (112.4, "2020")


@pytest.mark.parametrize("currency", [None, "XXX", "GBP"])
def test_unknown_rate_leaves_euro_empty(currency):
    assert in_euro(Money(amount=100, currency=currency)).eur is None
