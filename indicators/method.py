"""The method note of a vintage: `method.md` with its facts filled in, and the tables of the declarations."""

from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Any

from classifiers.taxonomy import THEMES
from indicators.codebook import STATUS
from indicators.declarations import declarations
from indicators.expressions import EARLY_STAGE_EUR
from indicators.population import SOURCE

__all__ = ["indicator_table", "method_note", "theme_table"]


def method_note(facts: Mapping[str, Any]) -> bytes:
    """Write the note.

    Args:
        facts: `vintage`, `first`, `last`, `readings` (of the audit sample), `recomputed` (months, where the
            others were carried over from `previous`), `undated`, `outside` (signals; None where
            they were not counted).

    """

    def known(count: int | None) -> str:
        return "an unknown number of" if count is None else str(count)

    months = ", ".join(facts["recomputed"])
    carried = f"Computed anew: {months}; the other months were carried over from {facts['previous']}."
    template = files("indicators").joinpath("method.md").read_text(encoding="utf-8")
    return (
        Template(template)
        .substitute(
            vintage=facts["vintage"],
            first=facts["first"],
            last=facts["last"],
            carried=carried if months else "All months were computed anew.",
            undated=known(facts["undated"]),
            outside=known(facts["outside"]),
            early=f"{EARLY_STAGE_EUR:,}",
            status="; ".join(f"{code} {text}" for code, text in STATUS.items()),
            readings=facts["readings"],
            population=SOURCE,
            indicators="\n".join(indicator_table()),
            themes="\n".join(theme_table()),
        )
        .encode()
    )


def indicator_table() -> list[str]:
    """Lines of a Markdown table: every indicator with unit and definition."""
    rows = [f"| `{d.name}` | {d.unit} | {d.definition} |" for d in declarations().values()]
    return ["| indicator | unit | definition |", "|---|---|---|", *rows]


def theme_table() -> list[str]:
    """Lines of a Markdown table: which indicators describe which system-level theme."""
    rows = ["| theme | indicators |", "|---|---|"]
    for key, name in THEMES.items():
        members = [f"`{d.name}`" for d in declarations().values() if key in d.themes]
        rows.append(f"| {name} | {', '.join(members)} |")
    return rows
