"""Sector of an organisation by its name."""

import pytest

from crawler.normalise.sectors import sector_of


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("Universität Wien", "academic"),
        ("Bath Spa University", "academic"),
        ("Gemeente Utrecht", "public"),
        ("Powiatowy Urząd Pracy", "public"),
        ("Ministère de la Culture", "public"),
        ("Oslo kommune", "public"),
        ("Stichting Voorbeeld", "civil-society"),
        ("Beispiel e.V.", "civil-society"),
        ("Fundacja Przykład", "civil-society"),
        ("UAB Pavyzdys", "private"),
        ("Beispiel GmbH", "private"),
        ("Example Sp. z o.o.", "private"),
    ],
)
def test_name_decides_the_sector(name, sector):
    found, rule = sector_of(name)
    assert found == sector
    assert rule.startswith(sector)


@pytest.mark.parametrize("name", [None, "", "Manual"])
def test_unknown_name_has_no_sector(name):
    assert sector_of(name) == (None, None)
