"""Places: what a source writes -> country, city and coordinates.

Country names come from CLDR (babel) in the 24 official languages of the European Union and Norwegian,
cities from a gazetteer built by `docs/build_gazetteer.py` (GeoNames, CC BY 4.0, see `data/NOTICE`). A city
is looked up inside a country first and by population after that: names alone mislead (Valencia,
Santiago, Boston).
"""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from classifiers.fold import fold
from crawler.parts import Place

__all__ = ["COVERED", "City", "country_code", "find_city", "fold_name", "resolve"]

COVERED = frozenset([
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "GB", "NO", "CH", "IS", "LI",
])  # fmt: skip
"""Countries of the gazetteer."""
LANGUAGES = [
    "en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "fi", "nb", "cs", "sk", "hu", "ro", "bg",
    "el", "hr", "sl", "lt", "lv", "et", "ga", "mt",
]  # fmt: skip
CODE_ALIASES = {"UK": "GB", "EL": "GR"}
"""Codes of European institutions that differ from ISO 3166-1."""
NAME_ALIASES = {
    "uk": "GB", "u.k.": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "grossbritannien": "GB", "holland": "NL", "czech republic": "CZ", "usa": "US",
    "u.s.": "US", "u.s.a.": "US", "united states of america": "US", "republic of ireland": "IE", "eire": "IE",
    "ceska republika": "CZ", "slovak republic": "SK", "the netherlands": "NL", "eu": "EU", "europe": "EU",
    "european union": "EU", "eu-wide": "EU", "europa": "EU", "evropa": "EU", "union europeenne": "EU",
    "europaische union": "EU", "ellada": "GR", "hellas": "GR", "suisse romande": "CH",
    "turkey": "TR", "hong kong": "HK", "macedonia, the former yugoslav republic of": "MK",
}  # fmt: skip
STATES = frozenset([
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA",
    "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM",
    "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA",
    "WV", "WI", "WY",
])  # fmt: skip
"""Abbreviations of the states of the US; read as such only after a city and outside the gazetteer."""
ABROAD_POPULATION = 100_000
"""A city outside the source's country is believed only from this size on: persons."""

SEPARATORS = re.compile(r"\s+[-–—]\s+|[,;|/()\n\t·•]+")
POSTCODE = re.compile(r"^(?:[A-Z]{1,2}-)?\d[\d ]{2,6}\s+(?:[A-Z]{2}\s+)?|\s+\d{1,5}(?:er|e|ème|\.)?$")
DISTRICT = re.compile(r"\s+(?:\d{1,2}|[IVX]{1,5})\.?(?:\s*(?:er|e|ème|kerület|ker\.?|arrondissement))?$")


class City(NamedTuple):
    """A place of the gazetteer."""

    country: str
    name: str
    lat: float
    lon: float
    population: int
    shadowed: bool


def fold_name(name: str) -> str:
    """Write a name in one way: folded, hyphens and runs of space as one space."""
    return " ".join(fold(name).replace("-", " ").replace("'", " ").split())


@lru_cache(maxsize=1)
def gazetteer() -> dict[str, tuple[City, ...]]:
    """Read the gazetteer: folded name -> cities, the most populous first."""
    packed = files("crawler.normalise").joinpath("data/gazetteer.csv.gz").read_bytes()
    found: dict[str, list[City]] = {}
    for country, name, lat, lon, population, shadowed, aliases in csv.reader(
        io.StringIO(gzip.decompress(packed).decode())
    ):
        city = City(country, name, float(lat), float(lon), int(population), shadowed == "1")
        for key in (fold_name(name), *filter(None, aliases.split("|"))):
            found.setdefault(key, []).append(city)
    return {key: tuple(sorted(cities, key=lambda c: -c.population)) for key, cities in found.items()}


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Folded country name in any of the languages, or as in ISO 3166-1 -> ISO 3166-1 alpha-2 code."""
    import pycountry
    from babel import Locale

    names: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}:
                names.setdefault(fold_name(name), code)
    for country in pycountry.countries:  # "Korea, Republic of": registers copy the names of the standard
        names.setdefault(fold_name(country.name), country.alpha_2)
    return names | {fold_name(name): code for name, code in NAME_ALIASES.items()}


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """All codes that CLDR knows, and `EU`."""
    return frozenset(country_names().values())


@lru_cache(maxsize=4096)
def country_code(text: str | None) -> str | None:
    """Read a country: ISO code, `UK`, `EL`, or a name in one of the languages; None where it is none."""
    text = (text or "").strip()
    if len(text) == 2 and text.isupper():
        code = CODE_ALIASES.get(text, text)
        return code if code in country_codes() else None
    if len(text) == 3 and text.isupper() and text not in {"USA"}:
        import pycountry

        country = pycountry.countries.get(alpha_3=text)
        return str(country.alpha_2) if country else None
    return country_names().get(fold_name(text)) if text else None


def find_city(name: str, country: str | None = None) -> City | None:
    """Look a city up: inside `country` if given, else the most populous that nothing abroad outshines."""
    candidates = gazetteer().get(fold_name(name), ())
    if country:
        return next((city for city in candidates if city.country == country), None)
    return next((city for city in candidates if not city.shadowed), None)


def variants(part: str) -> Iterator[str]:
    """Yield a part of a place as written, then without postcode or district, then its first words."""
    yield part
    bare = DISTRICT.sub("", POSTCODE.sub("", part)).strip()
    if bare and bare != part:
        yield bare
    words = (bare or part).split()
    for count in range(len(words) - 1, 0, -1):
        if len(words[count - 1]) >= 4 and count >= len(words) - 2:
            yield " ".join(words[:count])


@lru_cache(maxsize=4096)
def _read(raw: str, context: str | None) -> tuple[str | None, City | None, bool]:
    """Read a place: stated country, city, and whether the text is of the form `City, ST` of the US."""
    parts = [part.strip(" .:") for part in SEPARATORS.split(raw)]
    parts = [part for part in parts if part]
    country: str | None = None
    rest = list(parts)
    for position in range(len(parts) - 1, -1, -1):
        part = parts[position]
        code = country_code(part) if len(part) != 2 or position == len(parts) - 1 else None
        if (
            code
            and len(part) == 2
            and code not in COVERED | {"EU", context}
            and part in STATES
            and len(parts) > 1
        ):
            return "US", None, True
        if code is None and " " in part:  # "Mainland Portugal", "Berlin Germany"
            words = part.split()
            tails = (
                (n, country_code(" ".join(words[n:]))) for n in range(1, len(words)) if len(words[-1]) > 3
            )
            start, code = next(((n, found) for n, found in tails if found), (0, None))
            rest[position] = " ".join(words[:start]) if code else part
        elif code:
            rest[position] = ""
        if code and (part != parts[0] or len(parts) == 1 or not find_city(part, context)):
            country = code
            break
        rest[position] = part if code else rest[position]
    if country is None and len(parts) > 1 and parts[-1] in STATES and context in (None, "US"):
        return "US", None, True
    where = country if country not in (None, "EU") else None
    for part in filter(None, rest):
        for variant in variants(part):
            if len(variant) < 2 or variant.isdigit():
                continue
            city = find_city(variant, where or context)
            if city is None and where is None and variant in (part, next(iter(variants(part)))):
                city = find_city(variant)
                if city and context not in (None, "EU") and city.population < ABROAD_POPULATION:
                    city = None
            if city:
                return country, city, False
    return country, None, False


def resolve(place: Place | str | None, source_country: str | None = None) -> Place:
    """Resolve a place to country, city and coordinates.

    Args:
        place: what the source says; stated coordinates, region and country are kept.
        source_country: country the source covers, the last resort.

    Returns:
        A new Place. `how` says where the country comes from: `stated` (named in the text or a field),
        `gazetteer` (it follows from the city), `source`, or `unknown` (country `ZZ`).
    """
    given = Place(raw=place) if isinstance(place, str) else (place or Place())
    text = given.raw or ", ".join(filter(None, (given.city, given.region, given.country)))
    declared = country_code(given.country)
    context = None if source_country == "EU" else source_country
    country, city, _ = _read(text[:300], declared if declared not in (None, "EU") else context)
    if declared:
        country = declared if declared != "EU" or country is None else country
    if city is None and given.city:
        city = find_city(given.city, country if country not in (None, "EU") else context)
    if country not in (None, "EU") and city is not None and city.country != country:
        city = None
    if country is not None and (country != "EU" or city is None):
        how, code = "stated", country
    elif city is not None:
        how, code = "gazetteer", city.country
    elif source_country:
        how, code = "source", source_country
    else:
        how, code = "unknown", "ZZ"
    located = given.lat is not None and given.lon is not None
    return replace(
        given,
        country=code,
        city=city.name if city else given.city,
        lat=given.lat if located else (city.lat if city else None),
        lon=given.lon if located else (city.lon if city else None),
        how=how,
    )
