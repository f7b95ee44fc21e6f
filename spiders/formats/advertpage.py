"""A page about one vacancy that says so in words only. Pure.

The rule is narrow, so that no list or landing page becomes an advert: the heading is also the title that the
page gives for sharing, there is something to apply with, and few links lead to other vacancies. Finding the
text is left to the extraction step.
"""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.items import Organisation

__all__ = ["advert_page", "links"]

APPLY = re.compile(
    r"apply|application|bewerb|candidat|postul|sollicit|solicit|inscri|ansök|søk(?:nad)?|hakemu|ansøg|kandid|aplikuj|"
    r"jelentkez|aplic|přihl|prijav|pieteik|kandideeri",
    re.IGNORECASE,
)
MANY = 6
"""So many links to other vacancies are a list."""


def links(tree: LexborHTMLParser, url: str) -> list[str]:
    """Addresses that a page links to, each once, without fragments."""
    found = [urljoin(url, str(node.attributes.get("href") or "")) for node in tree.css("a[href]")]
    clean = [address.split("#")[0] for address in found]
    return list(dict.fromkeys(address for address in clean if address.startswith(("http://", "https://"))))


def advert_page(page: str, url: str, pattern: str) -> dict[str, Any] | None:
    """Values of an advert, None where the page does not look like one.

    Args:
        page: the HTML.
        url: its address.
        pattern: regular expression that the address of a job page matches.
    """
    tree = LexborHTMLParser(page)
    headings = list(
        dict.fromkeys(" ".join(node.text().split()) for node in tree.css("h1") if node.text().strip())
    )
    shared = _meta(tree, "og:title")
    if len(headings) != 1 or not shared or not _same(headings[0], shared):
        return None
    others = [a for a in links(tree, url) if re.search(pattern, urlsplit(a).path, re.IGNORECASE) and a != url]
    signs = tree.css("a, button, form, input[type=submit]")
    if len(others) >= MANY or not any(APPLY.search(f"{n.text()} {n.attributes}") for n in signs):
        return None
    root, name = tree.css_first("html"), _meta(tree, "og:site_name")
    address = _meta(tree, "og:url")
    return {
        "url": urljoin(url, address) if address else url,
        "title": headings[0],
        "page": page,
        "language_declared": (root.attributes.get("lang") if root is not None else None) or None,
        "organisation": Organisation(name=name) if name else None,
    }


def _meta(tree: LexborHTMLParser, name: str) -> str | None:
    node = tree.css_first(f"meta[property='{name}']")
    return str(node.attributes.get("content") or "").strip() or None if node is not None else None


def _same(one: str, other: str) -> bool:
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return len(short) >= 5 and short in long
