"""Places: country names in many languages, cities in context."""

import pytest

from crawler.normalise.places import resolve
from crawler.parts import Place


@pytest.mark.parametrize(
    ("raw", "source_country", "country", "city", "how"),
    [
        ("Wien", None, "AT", "Vienna", "gazetteer"),
        ("Bécs", None, "AT", "Vienna", "gazetteer"),
        ("Λευκωσία", None, "CY", "Nicosia", "gazetteer"),
        ("Praha 7", None, "CZ", "Prague", "gazetteer"),
        ("75002 Paris", "FR", "FR", "Paris", "gazetteer"),
        ("London, UK", None, "GB", "London", "stated"),
        ("Praha, Česko", None, "CZ", "Prague", "stated"),
        ("Amsterdam, NH, NL", None, "NL", "Amsterdam", "stated"),
        ("Mainland Portugal", "PT", "PT", None, "stated"),
        ("Rakousko", None, "AT", None, "stated"),
        ("EL", None, "GR", None, "stated"),
        ("Remote - EU", "DE", "EU", None, "stated"),
        ("Valencia", "ES", "ES", "Valencia", "gazetteer"),
        ("Cambridge, MA", None, "US", None, "stated"),
        ("Macroregion Three", "RO", "RO", None, "source"),
        ("Boston", None, "ZZ", None, "unknown"),
        (None, "SE", "SE", None, "source"),
        (None, None, "ZZ", None, "unknown"),
    ],
)
def test_place_is_resolved(raw, source_country, country, city, how):
    place = resolve(Place(raw=raw), source_country)
    assert (place.country, place.city, place.how) == (country, city, how)


def test_stated_coordinates_are_kept():
    place = resolve(Place(raw="Berlin", lat=1.0, lon=2.0))
    assert (place.lat, place.lon, place.raw) == (1.0, 2.0, "Berlin")


def test_stated_country_field_wins_over_a_namesake():
    assert resolve(Place(city="Valencia", country="VE")).country == "VE"
