"""A record with a field map becomes the values of an item. Pure."""

from collections.abc import Mapping
from typing import Any

from crawler.items import Money, Organisation, Place
from spiders.formats.answers import as_list, as_text

__all__ = ["DEFAULTS", "item_values", "lookup"]

DEFAULTS: dict[str, tuple[str, ...]] = {
    "native_id": ("id", "native_id", "identifier", "reference", "uid"),
    "title": ("title", "name", "position"),
    "text": ("text", "description", "content", "body", "summary"),
    "url": ("url", "link", "href"),
    "published_raw": ("date", "published", "published_at", "datePosted", "created_at"),
    "updated_raw": ("updated", "updated_at", "modified", "lastUpdate"),
    "closes_raw": ("deadline", "closes", "validThrough"),
    "language_declared": ("language", "lang"),
    "organisation.name": ("organisation", "organization", "employer", "company", "startup"),
    "place.raw": ("place", "location", "city"),
    "place.country": ("country",),
    "money.amount": ("amount",),
    "money.currency": ("currency",),
    "recipient.name": ("recipient",),
    "licence": ("licence", "license"),
    "formats": ("formats",),
    "keywords": ("keywords", "tags"),
    "programme": ("programme",),
}
"""Source paths that are tried for a field which the source file does not map."""
PARTS = {"organisation": Organisation, "recipient": Organisation, "place": Place, "money": Money}
LISTS = frozenset(
    {"formats", "keywords", "identifiers", "themes", "distributions", "employment_type", "classification"}
)
NUMBERS = frozenset({"amount", "amount_max", "lat", "lon"})


def lookup(record: Any, path: str) -> Any:
    """Value at a dotted path; a key that holds the dots itself is found first, a number picks from a list."""
    if isinstance(record, dict) and path in record:
        return record[path]
    value = record
    for key in path.split("."):
        if isinstance(value, list) and key.isdigit():
            value = value[int(key)] if int(key) < len(value) else None
        elif isinstance(value, list):
            value = next((part[key] for part in value if isinstance(part, dict) and key in part), None)
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


def _number(value: Any) -> float | None:
    try:
        return float(str(value).replace(" ", "").replace(",", "")) if value not in (None, "") else None
    except ValueError:
        return None


def _value(head: str, tail: str, raw: Any) -> Any:
    """What is found at a path as the value of a field; None or an empty list where it gives none."""
    if raw in (None, "", []):
        return None
    if head in LISTS:
        words = raw.split(",") if isinstance(raw, str) else as_list(raw)
        return [text for part in words if (text := as_text(part, "name", "title", "label"))]
    if tail in NUMBERS:
        return _number(raw)
    if head == "html":
        # its entities are markup: not unescaped here
        return next((part for part in as_list(raw) if isinstance(part, str) and part.strip()), None)
    return as_text(raw, "name", "title", "value", "label")


def item_values(
    record: dict[str, Any],
    fields: Mapping[str, str],
    allowed: frozenset[str],
    defaults: Mapping[str, tuple[str, ...]] = DEFAULTS,
) -> dict[str, Any]:
    """Values of an item. `fields` maps item field to source path; only names in `allowed` are filled.

    `defaults` are the paths tried for fields that `fields` does not name. The first that gives a value counts:
    the address of a picture (`media:content`) is no text and does not hide the `description` after it.
    """
    values: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for target in {**dict.fromkeys(defaults), **fields}:
        head, _, tail = target.partition(".")
        if head not in allowed:
            continue
        paths = (fields[target],) if target in fields else defaults[target]
        read = (_value(head, tail, lookup(record, path)) for path in paths)
        value = next((found for found in read if found not in (None, [])), None)
        if value is None:
            continue
        if tail:
            parts.setdefault(head, {})[tail] = value
        else:
            values[head] = value
    for head, table in parts.items():
        country = table.get("country")
        if head == "place" and country and not (len(country) == 2 and country.isalpha()):
            table["raw"] = ", ".join(
                dict.fromkeys(part for part in (table.get("raw"), table.pop("country")) if part)
            )
        values[head] = PARTS[head](**table)
    return values
