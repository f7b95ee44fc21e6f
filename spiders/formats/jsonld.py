"""Structured data in a page: JSON-LD script by script, with repair; microdata (WHATWG); RDFa Lite (W3C)."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
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


def json_ld(page: str) -> Iterator[tuple[Any, str | None]]:
    """Yield the content of each JSON-LD script, and what is damaged in it.

    The damage comes with None where a script cannot be read, beside the content where it was repaired.
    """
    for match in SCRIPT.finditer(page):
        raw = match.group(1)
        if WRAPPER.sub("", raw).strip():
            yield _loaded(raw)


def _loaded(raw: str) -> tuple[Any, str | None]:
    problem: str | None = None
    for text in (WRAPPER.sub("", raw), repair(raw), repair(html.unescape(raw))):
        try:
            return json.loads(
                text, strict=False
            ), problem  # not strict: raw control characters inside strings
        except (ValueError, RecursionError) as error:
            problem = problem or str(error)
    return None, problem


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


@dataclass(frozen=True, slots=True)
class Syntax:
    """Names of the attributes by which a page marks things and their properties."""

    kind: str
    prop: str
    scope: str


MICRODATA = Syntax("itemtype", "itemprop", "itemscope")
RDFA = Syntax("typeof", "property", "typeof")


def microdata(page: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield the microdata items of a type, or those in RDFa where there are none, in the shape of JSON-LD."""
    try:
        root = lxml_html.document_fromstring(page.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return
    for syntax in (MICRODATA, RDFA):
        found = False
        for element in root.xpath(f"//*[@{syntax.scope} and @{syntax.kind}]"):
            if name in {re.split(r"[/#:]", part)[-1] for part in element.get(syntax.kind).split()}:
                found = True
                yield _item(element, syntax)
        if found:
            return


def _item(element: Any, syntax: Syntax) -> dict[str, Any]:
    """Properties of an element that is a thing.

    A page that closes the element at once leaves its properties beside it: these are taken then.
    """
    item = _properties(list(element), syntax, 0)
    if not item:
        item = _properties(list(element.itersiblings()), syntax, 0)
    return {"@type": element.get(syntax.kind), **item}


def _properties(queue: list[Any], syntax: Syntax, depth: int) -> dict[str, Any]:
    item: dict[str, Any] = {}
    while queue:
        child = queue.pop(0)
        if not isinstance(child.tag, str):
            continue
        prop, scoped = child.get(syntax.prop), child.get(syntax.scope) is not None
        if prop:
            value: Any = _value(child, prop)
            if scoped and depth < MAX_DEPTH:
                value = {"@type": child.get(syntax.kind), **_properties(list(child), syntax, depth + 1)}
            for key in (re.split(r"[/#:]", part)[-1] for part in prop.split()):
                known = item.get(key)
                item[key] = (
                    value if key not in item else [*(known if isinstance(known, list) else [known]), value]
                )
        if not scoped:
            queue[:0] = list(child)
    return item


def _value(element: Any, prop: str) -> str:
    for attribute in ("content", "datetime", "href", "src", "resource"):
        if element.get(attribute) is not None:
            return str(element.get(attribute))
    if "description" in prop:
        inner = (etree.tostring(child, encoding="unicode") for child in element)
        return "".join([element.text or "", *inner])
    return " ".join("".join(element.itertext()).split())
