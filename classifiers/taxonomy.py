"""The labels: grades, nine areas, four trends, fifteen technologies, five themes.

Each dimension maps an identifier in kebab case to its name; order is the order of publication.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["AREAS", "DIMENSIONS", "GRADES", "TECHNOLOGIES", "THEMES", "TRENDS", "identifiers", "names"]

_TABLE = tomllib.loads(Path(__file__).with_name("taxonomy.toml").read_text(encoding="utf-8"))

GRADES: tuple[str, ...] = tuple(_TABLE["grades"])
AREAS: dict[str, str] = _TABLE["areas"]
TRENDS: dict[str, str] = _TABLE["trends"]
TECHNOLOGIES: dict[str, str] = _TABLE["technologies"]
THEMES: dict[str, str] = _TABLE["themes"]

DIMENSIONS: dict[str, dict[str, str]] = {
    "area": AREAS,
    "trend": TRENDS,
    "technology": TECHNOLOGIES,
    "theme": THEMES,
}
"""Dimension name in the singular (as roles of concepts use it) -> its labels."""


def identifiers(values: Any, dimension: Mapping[str, str]) -> list[str]:
    """Bring labels of one dimension, given as names or as identifiers, to identifiers; each once.

    Raises:
        ValueError: not a list, or a label that the dimension does not have; names those it has.

    """
    known = {name.casefold(): key for key, name in dimension.items()} | {key: key for key in dimension}
    values = [] if values is None else values
    if not isinstance(values, list):
        raise ValueError(f"{values!r} must be a list out of: {', '.join(dimension.values())}")
    found = []
    for value in values:
        key = known.get(str(value).strip().casefold())
        if key is None:
            raise ValueError(f"unknown label {value!r}; known are: {', '.join(dimension.values())}")
        found.append(key)
    return list(dict.fromkeys(found))


def names(values: Any, dimension: Mapping[str, str]) -> list[str]:
    """Bring labels of one dimension to their published names; see `identifiers`."""
    return [dimension[key] for key in identifiers(values, dimension)]
