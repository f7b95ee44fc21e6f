"""Properties of the normalisers that hold for any input."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.normalise.dates import FIRST_YEAR, LAST_YEAR, parse_date
from crawler.normalise.money import parse_money
from crawler.normalise.places import resolve
from crawler.normalise.privacy import mask
from crawler.normalise.text import plain_text

NUMBERISH = st.text(alphabet="0123456789 +()/-.@abc,€:T", max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), NUMBERISH))
def test_masking_twice_changes_nothing(text):
    assert mask(mask(text)) == mask(text)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), NUMBERISH, st.integers(), st.floats(), st.datetimes()))
def test_date_is_inside_the_horizon(raw):
    moment = parse_date(raw)
    assert moment is None or (
        FIRST_YEAR <= moment.year <= LAST_YEAR and moment.utcoffset().total_seconds() == 0
    )


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300) | st.text(alphabet="<>/&;divplt! \x00\ud800", max_size=120))
def test_plain_text_never_raises_and_holds_no_nul(text):
    assert "\x00" not in plain_text(text)


@settings(max_examples=100, deadline=None)
@given(NUMBERISH | st.text(max_size=60))
def test_money_and_places_never_raise(text):
    money = parse_money(text)
    assert money is None or money.amount >= 0
    assert resolve(text).country
