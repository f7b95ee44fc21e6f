"""Records in XML as plain values: an element with children is a table, one without is its text. Pure."""

from typing import Any

from lxml import etree

from crawler.errors import SourceResponseError

__all__ = ["tree", "xml_records"]

MARKUP = frozenset({
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "font", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "th", "thead", "time", "tr", "u", "ul",
})  # fmt: skip
"""HTML elements: what holds only such is a text with markup, not a table."""


def xml_records(body: bytes, name: str | None, url: str) -> tuple[list[Any], str | None]:
    """Elements of a name at any depth (without one: the children of the root), and what is damaged.

    Damaged XML is read as far as it goes; the second part names the damage, None where there is none.

    Raises:
        SourceResponseError: `not-xml`.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body.strip(), parser)
    except etree.XMLSyntaxError as error:  # no element at all: nothing to recover
        raise SourceResponseError("not-xml", f"expected a list of records in XML: {error}", url) from error
    if root is None or etree.QName(root).localname.lower() == "html":
        raise SourceResponseError("not-xml", "expected a list of records in XML", url)
    elements = root.iter(f"{{*}}{name}") if name else root
    damage = str(parser.error_log[0].message) if len(parser.error_log) else None
    return [tree(element, record=True) for element in elements if isinstance(element.tag, str)], damage


def tree(element: Any, *, record: bool = False) -> Any:
    """An element as table or text; a name that repeats becomes a list, namespaces are left out.

    An empty element is the table of its attributes, if it has some. Markup is kept as it is written, unless
    the element is a whole `record`.
    """
    children = [child for child in element if isinstance(child.tag, str)]
    text = (element.text or "").strip()
    if not children:
        return text or dict(element.attrib) or ""
    names = [etree.QName(child).localname for child in children]
    if not record and MARKUP.issuperset(names):
        return (
            (element.text or "") + "".join(etree.tostring(c, encoding="unicode") for c in children)
        ).strip()
    table: dict[str, Any] = {}
    for key, child in zip(names, children, strict=True):
        value, known = tree(child), table.get(key)
        table[key] = value if key not in table else [*(known if isinstance(known, list) else [known]), value]
    return table
