"""A dump at one address: JSON array, JSON Lines, CSV, Parquet or XML, read with a field map."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import fields as item_fields
from typing import Any, Literal

from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import KINDS, Issue, Signal
from crawler.unpack import gunzip
from spiders.base import ProtocolParams, SourceSpider
from spiders.formats.answers import as_text, decoded
from spiders.formats.recordfields import PARTS, item_values, lookup
from spiders.formats.xmltree import xml_records

__all__ = ["Records"]

Record = tuple[Any, str | None]
"""A record, or what is left of it and what is wrong with it."""


class RecordsParams(ProtocolParams):
    """Parameters of a dump."""

    format: Literal["auto", "json", "jsonl", "csv", "parquet", "xml"] = "auto"
    """Format; default: by content."""
    compression: Literal["auto", "gzip", "none"] = "auto"
    """Compression; default: by content."""
    items_path: str | None = None
    """Dotted path of the list inside a JSON document; name of the record element in XML."""
    delimiter: str | None = None
    """Delimiter of CSV; default: by content."""
    kind: str = "post"
    """Kind of signal that a record is."""
    kind_field: str | None = None
    """Path of the field that says the kind."""
    kinds: dict[str, str] = {}
    """Value of that field -> kind."""
    fields: dict[str, Any] = {}
    """Item field -> source path; nested tables are dotted names."""


class Records(SourceSpider):
    """One file that holds all records."""

    name = protocol = "records"
    complete_listing = True
    Params = RecordsParams

    def parse_page(self, response: Response) -> Iterator[Signal | Issue]:
        """Read the dump."""
        yield from self.read(response)
        self.listing_complete()

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read all records; one that cannot be read is an issue."""
        packed = self.params.compression != "none"
        body = gunzip(response.body, response.url) if packed else response.body
        table = _flat(self.params.fields)
        for number, (record, problem) in enumerate(self._records(body, response.url), start=1):
            if not isinstance(record, dict):
                message = f"record {number}: {problem or 'is not an object'}"
                yield self.issue(
                    "bad-record", message, level="error", url=response.url, record=str(record)[:500]
                )
                continue
            stated = as_text(lookup(record, self.params.kind_field)) if self.params.kind_field else None
            kind = self.params.kinds.get(stated or "", stated if stated in KINDS else self.params.kind)
            if kind not in KINDS:
                yield self.issue(
                    "unknown-kind", f"record {number}: {kind!r} is no kind", level="error", url=response.url
                )
                continue
            item_class = KINDS[kind]
            allowed = frozenset(f.name for f in item_fields(item_class)) - {"source", "family"}
            values = self.values(record, table, allowed)
            if not values.get("title") and not values.get("text"):
                message = f"record {number}: neither title nor text; check params.fields"
                yield self.issue("missing-title", message, level="error", url=response.url, record=record)
                continue
            yield self.signal(item_class, **values)

    def values(
        self, record: dict[str, Any], table: dict[str, str], allowed: frozenset[str]
    ) -> dict[str, Any]:
        """Values of an item; a protocol that knows its kind may fill more."""
        return item_values(record, table, allowed)

    def _records(self, body: bytes, url: str) -> Iterator[Record]:
        form = self.params.format if self.params.format != "auto" else _guess(body, self.params.items_path)
        if not body.strip():
            raise SourceResponseError("empty-page", "the dump is empty", url)
        if form == "parquet":
            return _parquet(body, url)
        text = decoded(body)
        if form != "xml" and text.lstrip()[:15].lower().startswith(("<!doctype", "<html")):
            raise SourceResponseError("html-answer", f"expected {form}, got an HTML page", url)
        if form == "csv":
            return _csv(text, self.params.delimiter)
        if form == "jsonl":
            return _jsonl(text)
        path = self.items_path(body)
        return _xml(body, path, url) if form == "xml" else _json(text, path, url)

    def items_path(self, body: bytes) -> str | None:
        """Where the records lie; a protocol may find it in the body."""
        return self.params.items_path  # type: ignore[no-any-return]


def _guess(body: bytes, path: str | None) -> str:
    start = body.lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"<"):
        return "xml"
    if start.startswith(b"["):
        return "json"
    if start.startswith(b"{"):
        try:
            json.loads(start)
        except ValueError:
            return "jsonl"
        one_line = b"\n" not in start.strip()
        return "jsonl" if one_line and not path else "json"
    return "csv"


def _json(text: str, path: str | None, url: str) -> Iterator[Record]:
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise SourceResponseError("not-json", f"expected JSON: {error}", url) from error
    data = lookup(data, path) if path else data
    if isinstance(data, dict) and path is None:
        data = [data]
    if not isinstance(data, list):
        raise SourceResponseError("no-records", f"no list at items_path {path!r}", url)
    return ((record, None) for record in data)


def _jsonl(text: str) -> Iterator[Record]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            yield json.loads(line, strict=False), None
        except (ValueError, RecursionError) as error:
            yield None, f"no JSON: {error}"


def _csv(text: str, delimiter: str | None) -> Iterator[Record]:
    head = text.split("\n", 1)[0]
    chosen = delimiter or max(",;\t|", key=head.count)
    reader = csv.DictReader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=chosen)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # the reader goes on with the next line
            yield None, f"damaged CSV: {error}"
        else:
            surplus = row.pop(None, [])  # where the reader puts further cells
            if any(cell.strip() for cell in surplus):
                message = (
                    f"{len(surplus)} cells more than the header names; a cell with {chosen!r} must be quoted"
                )
                yield [*row.values(), *surplus], message
            else:
                yield row, None


def _parquet(body: bytes, url: str) -> Iterator[Record]:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(io.BytesIO(body))
    except pyarrow.ArrowException as error:
        raise SourceResponseError("not-parquet", f"expected Parquet: {error}", url) from error
    return ((record, None) for batch in table.iter_batches() for record in batch.to_pylist())


def _xml(body: bytes, name: str | None, url: str) -> Iterator[Record]:
    records, damage = xml_records(body, name, url)
    if damage:
        yield None, f"damaged XML: {damage}"
    for record in records:
        yield record, None


def _flat(fields: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in fields.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{tail}": str(path) for tail, path in value.items()})
        elif key in PARTS:
            flat[f"{key}.{'amount' if key == 'money' else 'raw' if key == 'place' else 'name'}"] = str(value)
        else:
            flat[key] = str(value)
    return flat
