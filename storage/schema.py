"""Validators from dataclasses: types become BSON types, attribute docstrings become descriptions.

Pure functions. Fields that a class does not name are allowed, fields that it names are checked. Nothing
is required but the key: a field that is empty may be missing. MongoDB has no `$ref`, nested classes are
written out where they are used.
"""

import ast
import inspect
import textwrap
import types
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

__all__ = ["descriptions", "json_schema"]

BSON_TYPES: dict[type, list[str]] = {
    str: ["string"],
    bool: ["bool"],
    int: ["int", "long"],
    float: ["double", "int", "long"],
    datetime: ["date"],
    bytes: ["binData"],
    type(None): ["null"],
}


def json_schema(*classes: type, exclude: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Build the `$jsonSchema` of documents that may be of any of the classes.

    Args:
        classes: dataclasses; a field that several define may have the type of any of them.
        exclude: fields that are not stored.

    Raises:
        TypeError: a field has a type that has no BSON type.
    """
    properties: dict[str, Any] = {}
    for document_class in classes:
        hints = get_type_hints(document_class)
        texts = descriptions(document_class)
        for field in fields(document_class):
            if field.name in exclude:
                continue
            part = _of_type(hints[field.name], f"{document_class.__name__}.{field.name}")
            if field.name in texts:
                part["description"] = texts[field.name]
            properties[field.name] = _either(properties.get(field.name), part)
    return {"bsonType": "object", "properties": properties}


@cache
def descriptions(document_class: type) -> dict[str, str]:
    """Attribute docstrings of a class and its bases, per field; the class itself wins."""
    found: dict[str, str] = {}
    for base in reversed(document_class.__mro__):
        if not is_dataclass(base):
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        assert isinstance(body, ast.ClassDef)
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


def _of_type(hint: Any, where: str) -> dict[str, Any]:
    if hint is Any:
        return {}
    if hint in BSON_TYPES:
        names = BSON_TYPES[hint]
        return {"bsonType": list(names) if len(names) > 1 else names[0]}
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union([_of_type(part, where) for part in get_args(hint)])
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if hint is list or origin in (list, tuple, set, frozenset):
        items = _of_type(get_args(hint)[0], where) if get_args(hint) else {}
        return {"bsonType": "array", **({"items": items} if items else {})}
    if hint is dict or origin is dict:
        return {"bsonType": "object"}
    if isinstance(hint, type) and is_dataclass(hint):
        return json_schema(hint)
    raise TypeError(f"{where}: {hint!r} has no BSON type")


def _union(parts: list[dict[str, Any]]) -> dict[str, Any]:
    if any(not part for part in parts):
        return {}
    structured = [part for part in parts if part.keys() != {"bsonType"}]
    names = [name for part in parts if part.keys() == {"bsonType"} for name in _names(part["bsonType"])]
    if not structured:
        return {"bsonType": list(dict.fromkeys(names))}
    if len(structured) == 1 and "bsonType" in structured[0]:
        # An empty value beside one structure: its properties or items apply only where the type matches.
        return {
            **structured[0],
            "bsonType": list(dict.fromkeys([*_names(structured[0]["bsonType"]), *names])),
        }
    return {"anyOf": [*structured, *([{"bsonType": names}] if names else [])]}


def _names(bson_type: str | list[str]) -> list[str]:
    return [bson_type] if isinstance(bson_type, str) else bson_type


def _either(known: dict[str, Any] | None, part: dict[str, Any]) -> dict[str, Any]:
    if known is None or _bare(known) == _bare(part):
        return known or part
    description = known.get("description") or part.get("description")
    joined = _union([_bare(known), _bare(part)])
    return {**joined, **({"description": description} if description else {})}


def _bare(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "description"}
