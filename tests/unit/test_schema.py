"""Validator and data dictionary follow the item classes."""

from crawler.items import KINDS
from crawler.schema import data_dictionary, signals_schema


def test_every_property_is_described() -> None:
    assert all(schema["description"] for schema in signals_schema()["properties"].values())


def test_dictionary_has_every_kind() -> None:
    assert all(f"## `{kind}`" in data_dictionary() for kind in KINDS)
