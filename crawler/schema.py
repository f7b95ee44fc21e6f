"""The stored form of the items: MongoDB validator and data dictionary, both read off the dataclasses.

The docstring below a field is its description, so code, validator and documentation cannot disagree.
"""

from dataclasses import fields
from typing import Any, get_origin, get_type_hints

from crawler.items import KINDS, Signal
from crawler.parts import Money, Occupation, Organisation, Place
from storage.documents import SignalRecord
from storage.schema import descriptions, json_schema

__all__ = ["data_dictionary", "signals_schema"]

NOT_STORED = frozenset({"html", "page", "signal_id"})
"""Fields that only travel through the pipeline; `signal_id` becomes `_id`."""


def signals_schema() -> dict[str, Any]:
    """Build the `$jsonSchema` of the content of signals: the union of the fields of all kinds."""
    return json_schema(*KINDS.values(), exclude=NOT_STORED)


def _rows(item_class: type, skip: frozenset[str] = frozenset()) -> list[str]:
    docs, hints = descriptions(item_class), get_type_hints(item_class)
    rows = ["| field | type | meaning |", "|---|---|---|"]
    for field in fields(item_class):
        if field.name in NOT_STORED or field.name in skip:
            continue
        hint = hints[field.name]
        name = hint.__name__ if isinstance(hint, type) and get_origin(hint) is None else str(hint)
        for prefix in ("crawler.parts.", "typing.", "datetime."):
            name = name.replace(prefix, "")
        meaning = " ".join(docs.get(field.name, "").split()).replace("|", "\\|")
        rows.append(f"| `{field.name}` | `{name.replace(' | None', '?')}` | {meaning} |")
    return rows


def data_dictionary() -> str:
    """Write the data dictionary of the collection `signals` as Markdown."""
    common = frozenset(field.name for field in fields(Signal))
    lines = [
        "# Data dictionary",
        "",
        "Generated from `crawler/items.py` and `storage/documents.py` by `docs/build_docs.py`. A `?` marks a "
        "field that may be empty.",
        "",
    ]
    lines += [
        "## All signals",
        "",
        *_rows(Signal),
        "",
        "### Added by the store",
        "",
        *_rows(SignalRecord, common),
    ]
    for kind, item_class in KINDS.items():
        summary = (item_class.__doc__ or "").strip().splitlines()[0]
        lines += ["", f"## `{kind}`", "", summary, "", *_rows(item_class, common)]
    for part in (Organisation, Place, Money, Occupation):
        lines += [
            "",
            f"## Part `{part.__name__}`",
            "",
            (part.__doc__ or "").strip().splitlines()[0],
            "",
            *_rows(part),
        ]
    return "\n".join(lines) + "\n"
