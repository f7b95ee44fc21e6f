"""The main text of a whole HTML page. A module-level function, so that a process pool can pickle it."""

import re

from crawler.normalise.text import clean, plain_text

__all__ = ["main_text"]

MAX_LENGTH = 2 * 2**20
"""Characters that are read: real pages are below, bombs above."""
MAX_NESTING = 200
"""Deeper pages go to the flat reader: tree walkers recurse."""
MIN_TEXT = 80
"""A shorter result of trafilatura is compared with the fallback: characters."""
FURNITURE = ["script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg", "iframe"]
# Without <p>, <li>, <tr> and <td>: they may stay unclosed and are then not nested.
OPEN_OR_CLOSE = re.compile(r"<(/?)(?:div|span|section|article|ul|ol|table|b|i|font|blockquote)\b", re.I)


def main_text(page: str, url: str | None = None) -> str:
    """Find the body of a page: trafilatura in its fast mode, BeautifulSoup where that finds little.

    Args:
        page: decoded HTML; NUL characters are dropped, 2 MB are read.
        url: address of the page, a hint for trafilatura.

    Returns:
        Plain text with line breaks between blocks; empty where the page has none.
    """
    page = page[:MAX_LENGTH].replace("\x00", "")
    if not page.strip():
        return ""
    if _nesting(page) > MAX_NESTING:
        return plain_text(page)
    import trafilatura

    found = clean(
        trafilatura.extract(
            page, url=url, fast=True, include_comments=False, include_tables=True, deduplicate=False
        )
        or ""
    )
    return found if len(found) >= MIN_TEXT else max(found, _whole(page), key=len)


def _nesting(page: str) -> int:
    deepest = depth = 0
    for match in OPEN_OR_CLOSE.finditer(page):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _whole(page: str) -> str:
    """All visible text without the furniture of the page."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page, "lxml")
    for tag in soup(FURNITURE):
        tag.decompose()
    body = soup.find("main") or soup.find("article") or soup.body or soup
    return clean(body.get_text("\n"))
