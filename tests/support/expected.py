"""What the readers must find in recorded answers (`tests/recorded/expected.toml`), and how it is measured."""

import tomllib
from pathlib import Path

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.loader import protocols
from crawler.parse import parse_file

__all__ = ["FIELDS", "expected", "measure"]

FILE = Path(__file__).parents[1] / "recorded" / "expected.toml"
FIELDS = {
    "id": lambda i: i.native_id or i.url,
    "title": lambda i: i.title,
    "text": lambda i: i.html or i.text or i.page,
    "employer": lambda i: i.organisation and i.organisation.name,
    "url": lambda i: i.url,
    "date": lambda i: i.published_raw or i.updated_raw or i.closes_raw,
    "place": lambda i: i.place,
    "salary": lambda i: i.money,
    "contract": lambda i: i.employment_type,
    "mode": lambda i: i.location_mode,
    "occupation": lambda i: i.occupation,
}
"""Column of the table -> whether an advert has it."""


def expected():
    """Rows: `file, protocol, records, issues, filled` and, where needed, `marker, url, params`."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["recording"]


def measure(row, path):
    """Items, issue codes and filled fields of a recorded answer; a refusal counts as an issue."""
    items, codes = [], set()
    try:
        for found in parse_file(row["protocol"], path, row.get("url"), row.get("params", {}), protocols()):
            if isinstance(found, Issue):
                codes.add(found.code)
            else:
                items.append(found)
    except SourceResponseError as error:
        codes.add(error.code)
    filled = {name: count for name, has in FIELDS.items() if (count := sum(bool(has(i)) for i in items))}
    return items, sorted(codes), filled
