"""Inhabitants per country and year.

`population.csv` holds the population on 1 January, table tps00001 of Eurostat as published on 1 December
2022 (the United Kingdom until 2020, when it left that table). A later year takes the last figure known and
says so: the year the figure belongs to is published beside every rate.
"""

import csv
import io
from functools import lru_cache
from importlib.resources import files

__all__ = ["EU27", "SOURCE", "population"]

SOURCE = "Eurostat, table tps00001 (population on 1 January), edition of 2022-12-01"
EU27 = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
"""Member states since 2020."""


@lru_cache(maxsize=1)
def figures() -> dict[str, dict[int, int]]:
    """Read the table: country -> year -> inhabitants; `EU27` is the sum of its members."""
    text = files("indicators").joinpath("population.csv").read_text(encoding="utf-8")
    table: dict[str, dict[int, int]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        table.setdefault(row["country"], {})[int(row["year"])] = int(row["population"])
    years = set.intersection(*(set(table[country]) for country in EU27))
    table["EU27"] = {year: sum(table[country][year] for country in EU27) for year in sorted(years)}
    return table


@lru_cache(maxsize=4096)
def population(geo: str, year: int) -> tuple[int | None, int | None]:
    """Inhabitants of a country, or of `EU27`, and the year the figure belongs to.

    Returns:
        the figure of the year, else of the latest year before it; two Nones where there is none.

    """
    known = figures().get(geo, {})
    at = max((candidate for candidate in known if candidate <= year), default=None)
    return (known[at], at) if at is not None else (None, None)
