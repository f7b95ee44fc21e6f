"""Structured data in a page: JSON-LD script by script, with repair, and microdata (WHATWG HTML 5)."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

__all__ = ["find", "json_ld", "microdata", "repair", "types"]

SCRIPT = re.compile(
    r"<script\b[^>]*\bapplication/ld\+json\b[^>]*>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL
)
WRAPPER = re.compile(
    r"^\s*(?:/\*|//)?\s*(?:<!--|<!\[CDATA\[)?\s*(?:\*/)?|\s*(?:/\*|//)?\s*(?:-->|\]\]>)?\s*(?:\*/)?\s*;?\s*$"
)
STRAY_BACKSLASH = re.compile(r'\\(\\|["/bfnrt]|u[0-9a-fA-F]{4})|\\')
MAX_DEPTH = 30


def repair(text: str) -> str:
    """Remove comment and CDATA wrappers, escape stray backslashes, drop trailing commas."""
    text = WRAPPER.sub("", text)
    text = STRAY_BACKSLASH.sub(lambda match: match.group(0) if match.group(1) else r"\\", text)
    return (
        re.sub(r",(\s*[}\]])(?=(?:[^\"\\]|\\.|\"(?:[^\"\\]|\\.)*\")*$)", r"\1", text)
        if len(text) < 2_000
        else text
    )


def json_ld(page: str) -> Iterator[Any]:
    """Yield the content of each JSON-LD script; a `ValueError` in place of one that cannot be read."""
    for match in SCRIPT.finditer(page):
        raw = match.group(1)
        if not WRAPPER.sub("", raw).strip():
            continue
        yield _loaded(raw)


def _loaded(raw: str) -> Any:
    problem: Exception | None = None
    for text in (raw, repair(raw), repair(html.unescape(raw))):
        try:
            return json.loads(text, strict=False)  # not strict: raw control characters inside strings
        except (ValueError, RecursionError) as error:
            problem = problem or error
    return ValueError(f"{problem}")


def types(node: Any) -> set[str]:
    """Type names of a node without the vocabulary: `@type` may be a list or a full address."""
    value = node.get("@type") if isinstance(node, dict) else None
    return {
        re.split(r"[/#:]", name)[-1]
        for name in (value if isinstance(value, list) else [value])
        if isinstance(name, str)
    }


def find(data: Any, name: str, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Find all nodes of a type at any depth: arrays, `@graph`, ItemList, mainEntity."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        for part in data:
            yield from find(part, name, depth + 1)
    elif isinstance(data, dict):
        if name in types(data):
            yield data
            return
        for part in data.values():
            if isinstance(part, dict | list):
                yield from find(part, name, depth + 1)


def microdata(page: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield the microdata items of a type in the shape of JSON-LD."""
    try:
        root = lxml_html.document_fromstring(page.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return
    for element in root.xpath("//*[@itemscope and @itemtype]"):
        if name in {re.split(r"[/#]", part)[-1] for part in element.get("itemtype").split()}:
            yield _item(element, 0)


def _item(element: Any, depth: int) -> dict[str, Any]:
    item: dict[str, Any] = {}
    if element.get("itemtype"):
        item["@type"] = element.get("itemtype")
    queue = list(element)
    while queue:
        child = queue.pop(0)
        if not isinstance(child.tag, str):
            continue
        prop = child.get("itemprop")
        if prop:
            value = (
                _item(child, depth + 1)
                if child.get("itemscope") is not None and depth < MAX_DEPTH
                else _value(child, prop)
            )
            for key in prop.split():
                if key in item:
                    item[key] = [*(item[key] if isinstance(item[key], list) else [item[key]]), value]
                else:
                    item[key] = value
        if child.get("itemscope") is None:
            queue[:0] = list(child)
    return item


def _value(element: Any, prop: str) -> str:
    for attribute in ("content", "datetime", "href", "src"):
        if element.get(attribute) is not None:
            return str(element.get(attribute))
    if "description" in prop:
        return "".join(
            [element.text or "", *(etree.tostring(child, encoding="unicode") for child in element)]
        )
    return " ".join("".join(element.itertext()).split())
