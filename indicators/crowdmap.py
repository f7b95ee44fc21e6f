"""Counting rules for crowd-mapped registers of projects and organisations. Pure functions over documents.

A document is a stored signal, or an item of a directory protocol written as one: `kind`, `native_id`,
`source`, `place`, `organisations`, and in `declared` what its owner said. The rules are those of "What next
for digital social innovation?" (Nesta 2017), whose tables they reproduce from the register of that time:
labels are counted in full (a project with two areas counts in both), and a project counts once in every
distinct country of the organisations that take part in it.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

__all__ = [
    "by_country", "by_place", "crossed", "declared", "having", "labelled", "pooled_rates", "regions",
    "stated",
]  # fmt: skip

Document = Mapping[str, Any]
UNKNOWN = "ZZ"
"""Country of a document without a known one."""
OTHERS = "Others"
"""Member that holds the labels outside the taxonomy."""


def declared(document: Document, dimension: str) -> list[str]:
    """Labels of a dimension that the owner declared; each once, those outside the taxonomy as `Others`.

    Args:
        document: a project.
        dimension: `areas`, `trends` or `technologies`.

    """
    said = document.get("declared") or {}
    known = list(dict.fromkeys(said.get(dimension) or ()))
    return [*known, OTHERS] if said.get(f"other_{dimension}") else known


def labelled(documents: Iterable[Document], dimension: str) -> Counter[str]:
    """Documents per declared label: full counting."""
    return Counter(label for document in documents for label in declared(document, dimension))


def crossed(documents: Iterable[Document], first: str, second: str) -> Counter[tuple[str, str]]:
    """Documents per pair of labels out of two dimensions, or of one dimension with itself."""
    return Counter(
        pair
        for document in documents
        for pair in product(declared(document, first), declared(document, second))
    )


def stated(document: Document, dimension: str) -> list[str]:
    """Labels of a dimension as the owner wrote them: those of the taxonomy, then those typed in freely."""
    said = document.get("declared") or {}
    return [*dict.fromkeys([*(said.get(dimension) or ()), *(said.get(f"other_{dimension}") or ())])]


def having(documents: Iterable[Document], least: int, count: Callable[[Document], int]) -> int:
    """Documents of which `count` finds at least so many."""
    return sum(count(document) >= least for document in documents)


def by_place(organisations: Iterable[Document], *fields: str) -> Counter[tuple[str, ...]]:
    """Organisations per place, by fields of `place` (`country`, or `country` and `city`).

    One without the first field counts as `ZZ`; one that lacks a later field is left out.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for organisation in organisations:
        place = organisation.get("place") or {}
        key = (place.get(fields[0]) or UNKNOWN, *(place.get(field) or "" for field in fields[1:]))
        if all(key):
            found[key] += 1
    return found


def by_country(projects: Iterable[Document], organisations: Iterable[Document]) -> Counter[str]:
    """Projects per country: once for each distinct country among the organisations that take part.

    A project whose organisations have no known country, or that has no organisation, counts as `ZZ`.
    """
    countries = {
        (organisation.get("source"), organisation.get("native_id")): (organisation.get("place") or {}).get(
            "country"
        )
        for organisation in organisations
    }
    found: Counter[str] = Counter()
    for project in projects:
        members = project.get("organisations") or ()
        known = {countries.get((project.get("source"), member)) for member in members} - {None, UNKNOWN}
        found.update(sorted(country for country in known if country) or [UNKNOWN])
    return found


@cache
def regions(scheme: str) -> dict[str, frozenset[str]]:
    """Groups of countries: name -> ISO 3166-1 alpha-2 codes, from `data/regions.toml`."""
    table = tomllib.loads(Path(__file__).with_name("data").joinpath("regions.toml").read_text("utf-8"))
    return {name: frozenset(codes) for name, codes in table[scheme].items()}


def pooled_rates(
    counts: Mapping[str, float],
    population: Mapping[str, float],
    groups: Mapping[str, Collection[str]],
    per: float = 1_000_000,
) -> dict[str, float | None]:
    """Count per so many inhabitants of groups of countries: sum over sum, not the mean of rates.

    A group with a country of unknown population has no rate.
    """
    rates: dict[str, float | None] = {}
    for name, codes in groups.items():
        people = [population.get(code) or 0 for code in codes]
        rates[name] = per * sum(counts.get(code, 0) for code in codes) / sum(people) if all(people) else None
    return rates
