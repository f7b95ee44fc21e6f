"""The labels: grades, nine areas, four trends, fifteen technologies, five themes.

Each dimension maps an identifier in kebab case to its name; order is the order of publication.
"""

import tomllib
from pathlib import Path

__all__ = ["AREAS", "DIMENSIONS", "GRADES", "TECHNOLOGIES", "THEMES", "TRENDS"]

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
