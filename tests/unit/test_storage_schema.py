"""Validators from dataclasses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from storage.collections import COLLECTIONS, validator
from storage.schema import json_schema


@dataclass
class Inner:
    name: str | None = None
    """Name."""


@dataclass
class Outer:
    inner: Inner | None = None
    """Nested."""
    many: list[Inner] | None = None
    at: datetime | None = None
    free: Any = None


@dataclass
class Bad:
    x: complex = 0j


@dataclass
class Other:
    at: str = ""


def test_nested_class_is_written_out_with_descriptions():
    inner = json_schema(Outer)["properties"]["inner"]
    assert inner["bsonType"] == ["object", "null"]
    assert inner["description"] == "Nested."
    assert inner["properties"]["name"] == {"bsonType": ["string", "null"], "description": "Name."}


def test_free_field_is_not_checked_and_field_of_two_classes_may_be_either():
    properties = json_schema(Outer, Other)["properties"]
    assert properties["free"] == {}
    assert set(properties["at"]["bsonType"]) == {"date", "null", "string"}


def test_unknown_type_is_an_error():
    with pytest.raises(TypeError, match="complex"):
        json_schema(Bad)


@pytest.mark.parametrize("spec", COLLECTIONS, ids=lambda spec: spec.name)
def test_every_field_of_every_document_is_described(spec):
    properties = validator(spec)["$jsonSchema"]["properties"]
    assert [name for name, part in properties.items() if not part.get("description")] == []
