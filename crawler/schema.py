"""The stored form of the items: MongoDB validator and data dictionary, both read off the dataclasses.

The docstring below a field is its description, so code, validator and documentation cannot disagree.
"""

import ast
import inspect
import types
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from crawler.items import KINDS, Signal
from crawler.parts import Money, Occupation, Organisation, Place

__all__ = ["attribute_docs", "data_dictionary", "signals_schema"]

NOT_STORED = frozenset({"html", "page", "signal_id", "removed"})
"""Fields that only travel through the pipeline; `signal_id` becomes `_id`."""
SCALARS: dict[Any, list[str]] = {
    str: ["string"],
    bool: ["bool"],
    int: ["int", "long"],
    float: ["double", "int", "long", "decimal"],
    datetime: ["date"],
}
"""BSON types of each Python type; a whole number is a valid sum of money."""
STORE_FIELDS: dict[str, tuple[list[str], str]] = {
    "_id": (
        ["string"],
        "Key of the signal: hash of the source and its native id, else of its canonical address.",
    ),
    "kind": (["string"], "Kind of the signal."),
    "first_seen": (["date", "null"], "First run that found the signal (UTC)."),
    "last_seen": (["date", "null"], "Last run that found the signal (UTC)."),
    "last_run": (["string", "null"], "Identifier of the last run that found the signal."),
    "missing_count": (["int", "long", "null"], "Complete listings in a row that lacked the signal."),
    "removed_at": (["date", "null"], "When the signal was found to be gone (UTC)."),
    "removal_reason": (
        ["string", "null"],
        "Why it counts as gone: `listing_absent` (a complete listing lacked it), `source_removed` (the source says "
        "so, or its own page answers 404 or 410), `expired` (past its closing date), `lifetime` (no closing date, "
        "and not seen for `lifecycle.lifetime_days`).",
    ),
    "forgotten_at": (
        ["date", "null"],
        "When its text was deleted, as the terms of its source ask (`lifecycle.forget`, UTC).",
    ),
}
"""Fields that the store adds to an item."""


@cache
def attribute_docs(item_class: type) -> dict[str, str]:
    """Read the docstrings below the fields of a dataclass, inherited ones included."""
    found: dict[str, str] = {}
    for owner in reversed(item_class.__mro__):
        if not is_dataclass(owner):
            continue
        body = ast.parse(inspect.cleandoc(inspect.getsource(owner))).body[0]
        if not isinstance(body, ast.ClassDef):
            continue
        for statement, following in zip(body.body, body.body[1:], strict=False):
            if (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and isinstance(following, ast.Expr)
                and isinstance(following.value, ast.Constant)
                and isinstance(following.value.value, str)
            ):
                found[statement.target.id] = inspect.cleandoc(following.value.value)
    return found


def _bson(hint: Any) -> dict[str, Any]:
    """Describe one type hint as a `$jsonSchema`; no type means anything is allowed."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        parts = [_bson(part) for part in get_args(hint) if part is not type(None)]
        merged = (
            dict(parts[0])
            if len(parts) == 1
            else {"bsonType": [t for p in parts for t in p.get("bsonType", [])]}
        )
        if type(None) in get_args(hint) and merged.get("bsonType"):
            merged["bsonType"] = [*merged["bsonType"], "null"]
        return merged
    if origin is list:
        inner = _bson(get_args(hint)[0])
        return {"bsonType": ["array"], "items": inner} if inner else {"bsonType": ["array"]}
    if origin is dict or hint is dict:
        return {"bsonType": ["object"]}
    if is_dataclass(hint) and isinstance(hint, type):
        return {"bsonType": ["object"], "properties": _properties(hint)}
    return {"bsonType": SCALARS[hint]} if hint in SCALARS else {}


def _properties(item_class: type) -> dict[str, Any]:
    docs, hints = attribute_docs(item_class), get_type_hints(item_class)
    return {
        field.name: {**_bson(hints[field.name]), "description": docs.get(field.name, "")}
        for field in fields(item_class)
        if field.name not in NOT_STORED
    }


def signals_schema() -> dict[str, Any]:
    """Build the `$jsonSchema` of the collection `signals`: the union of the fields of all kinds.

    Raises:
        TypeError: two kinds use one field name with different types.
    """
    properties: dict[str, Any] = {
        name: {"bsonType": bson_types, "description": text}
        for name, (bson_types, text) in STORE_FIELDS.items()
    }
    properties["kind"] = {"enum": list(KINDS), "description": STORE_FIELDS["kind"][1]}
    for kind, item_class in KINDS.items():
        for name, schema in _properties(item_class).items():
            known = properties.setdefault(name, schema)
            if known.get("bsonType") != schema.get("bsonType"):
                raise TypeError(f"field {name} of {kind} has another type than in an earlier kind")
    return {
        "bsonType": "object",
        "required": ["_id", "kind", "source", "family"],
        "properties": properties,
    }


def _rows(item_class: type, skip: frozenset[str] = frozenset()) -> list[str]:
    docs, hints = attribute_docs(item_class), get_type_hints(item_class)
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
        "Generated from `crawler/items.py` by `docs/build_docs.py`. A `?` marks a field that may be empty.",
        "",
    ]
    lines += [
        "## All signals",
        "",
        *_rows(Signal),
        "",
        "### Added by the store",
        "",
        "| field | meaning |",
        "|---|---|",
    ]
    lines += [f"| `{name}` | {text} |" for name, (_, text) in STORE_FIELDS.items()]
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
