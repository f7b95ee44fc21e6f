"""The declarations of `indicators.toml`, checked when they are read."""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from classifiers.taxonomy import THEMES

__all__ = ["GRADES", "Declaration", "declarations"]

GRADES: dict[str, frozenset[str] | None] = {
    "core": frozenset({"core"}),
    "core+adjacent": frozenset({"core", "adjacent"}),
    "any": None,
}
"""Sets of grades that numbers are published for; None: whatever was decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One indicator."""

    name: str
    """Identifier."""
    title: str
    """Name for people."""
    unit: str
    """Unit of the value: `signals`, `organisations`, `EUR` or `1`."""
    definition: str
    """What is counted."""
    source: str
    """Where it is counted: `flow`, `stock`, `organisations`, `skills` or `quality`."""
    value: str
    """Sum that is the value."""
    grades: tuple[str, ...]
    """Sets of grades, keys of `GRADES`."""
    count: str = "n"
    """Sum that counts the signals the value rests on."""
    over: str | None = None
    """Sum the value is divided by."""
    over_any: bool = False
    """The value is divided by the same sum over all grades."""
    mean: bool = False
    """The quotient is a mean, not a share of signals: it has no binomial interval."""
    kinds: tuple[str, ...] = ()
    """Kinds of signal; empty: all."""
    where: dict[str, str] = field(default_factory=dict)
    """Parts of the key and the value they must have."""
    duplicates: bool = False
    """Count every copy."""
    dimensions: tuple[str, ...] = ()
    """Dimensions beside `all`."""
    rate: bool = False
    """Give it per million inhabitants as well."""
    themes: tuple[str, ...] = ()
    """System-level themes it belongs to."""

    @property
    def is_ratio(self) -> bool:
        """Whether the value is a quotient, which cannot be added up over places."""
        return self.over is not None or self.over_any


@lru_cache(maxsize=1)
def declarations() -> dict[str, Declaration]:
    """Read the declarations, by name, in the order of the file.

    Raises:
        ValueError: a key, grade or theme is unknown; names the indicator.

    """
    text = files("indicators").joinpath("indicators.toml").read_text(encoding="utf-8")
    return {name: _declaration(name, table) for name, table in tomllib.loads(text).items()}


def _declaration(name: str, table: dict[str, Any]) -> Declaration:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    unknown = values.keys() - (Declaration.__dataclass_fields__.keys() - {"name", "source"}) - {"from"}
    if unknown:
        raise ValueError(f"indicators.toml: {name}: unknown key {', '.join(sorted(unknown))}")
    declared = Declaration(name=name, source=values.pop("from"), **values)
    wrong = [grade for grade in declared.grades if grade not in GRADES]
    wrong += [theme for theme in declared.themes if theme not in THEMES]
    if wrong:
        raise ValueError(f"indicators.toml: {name}: unknown grade or theme {', '.join(wrong)}")
    return declared
