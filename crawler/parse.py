"""Run one protocol's reader over a saved response: no network, no database."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crawler.errors import UsageError
from crawler.items import Issue, Signal
from crawler.sources import Source
from crawler.unpack import gunzip

__all__ = ["parse_file", "parse_params"]


def parse_params(pairs: list[str]) -> dict[str, Any]:
    """Read `KEY=VALUE` pairs: a dotted key makes tables, a value that is JSON keeps its type.

    Raises:
        UsageError: a pair without `=`, or a key that is both a value and a table.
    """
    import json

    table: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"--param {pair!r}: write KEY=VALUE")
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        *folders, last = key.split(".")
        place = table
        for folder in folders:
            place = place.setdefault(folder, {})
            if not isinstance(place, dict):
                raise UsageError(f"--param {pair!r}: {folder!r} already has a value")
        place[last] = value
    return table


def parse_file(
    protocol: str,
    path: Path,
    url: str | None,
    params: dict[str, Any],
    protocols: Mapping[str, type],
) -> Iterator[Signal | Issue]:
    """Yield the items and issues that a protocol reads from a file.

    Raises:
        UsageError: the protocol is unknown.
        ConfigurationError: a parameter is unknown or wrong.
        SourceResponseError: the file is no answer of the protocol.
    """
    if protocol not in protocols:
        raise UsageError(f"unknown protocol {protocol!r}; known are {', '.join(sorted(protocols))}")
    base: Any = protocols[protocol]
    address = url or f"https://saved.example/{path.name.replace(' ', '%20')}"
    source = Source(
        id="parse", family="directory", title="saved response", protocol=protocol, url=address, params=params
    )
    base.check_params(source)
    spider = type(
        base.__name__, (base,), {"name": "parse", "source": source, "__module__": base.__module__}
    )()
    yield from spider.read(_response(gunzip(path.read_bytes(), str(path)), address))


def _response(body: bytes, address: str) -> Any:
    from scrapy.http import HtmlResponse, TextResponse, XmlResponse

    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<?xml", b"<rss", b"<feed")) and b"<html" not in start:
        return XmlResponse(address, body=body)
    if start.startswith(b"<"):
        return HtmlResponse(address, body=body)
    return TextResponse(address, body=body, encoding="utf-8")
