"""Plain text out of HTML fragments: fast, paragraph breaks kept, never raises on odd input."""

import html
import re

from selectolax.lexbor import LexborHTMLParser

__all__ = ["clean", "looks_like_html", "plain_text"]

MAX_LENGTH = 10 * 2**20
"""Longer input is cut: characters."""
MAX_DEPTH_TAGS = 50_000
"""A fragment with more opening tags is stripped by pattern, not parsed: deep trees cost quadratic time."""
BLOCKS = [
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "tr", "ul",
]  # fmt: skip
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
ESCAPED_TAG = re.compile(r"&(?:amp;)*(?:lt|#60|#x3c);\s*/?\s*[a-z][a-z0-9]*", re.IGNORECASE)
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
LINE_BREAK = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
BLOCK_TAG = re.compile(rf"<(?=/?(?:{'|'.join(BLOCKS)})\b)", re.IGNORECASE)
INVISIBLE = re.compile(r"<(script|style|template|noscript)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
SPACES = re.compile(r"[^\S\n]+")
BREAKS = re.compile(r" ?\n[ \n]*")
SENTINEL = "\ue000"
"""A private-use character that marks where a block begins or ends while the tags are removed."""


def looks_like_html(text: str) -> bool:
    """Whether the text holds a tag."""
    return TAG.search(text) is not None


def clean(text: str) -> str:
    """Strip control characters and lone surrogates, write one space between words and one break per line."""
    text = CONTROL.sub("", LINE_BREAK.sub("\n", text))
    return BREAKS.sub("\n", SPACES.sub(" ", text)).strip()


def plain_text(fragment: str | None) -> str:
    """Turn an HTML fragment, or text that was escaped once too often, into plain text.

    Escaped markup (`&lt;p&gt;`, `&amp;lt;p&amp;gt;`) is unescaped until tags appear, at most three times.
    Blocks and `<br>` become line breaks. Text without tags keeps its `<` and `>`.
    """
    text = (fragment or "")[:MAX_LENGTH].replace("\x00", "").replace(SENTINEL, "")
    for _ in range(3):
        if looks_like_html(text) or not ESCAPED_TAG.search(text):
            break
        text = html.unescape(text)
    if not looks_like_html(text):
        return clean(html.unescape(text))
    text = CONTROL.sub("", LINE_BREAK.sub("\n", text))
    text = INVISIBLE.sub(" ", text)
    # In HTML a line break is a space, except inside <pre>, which adverts and datasets hardly use.
    marked = BLOCK_TAG.sub(f"{SENTINEL}<", text.replace("\n", " "))
    if marked.count("<") > MAX_DEPTH_TAGS or _deep(marked):
        plain = html.unescape(TAG.sub("", marked))
    else:
        body = LexborHTMLParser(marked).body
        plain = body.text(deep=True, separator="") if body is not None else TAG.sub("", marked)
    return clean(plain.replace(SENTINEL, "\n"))


def _deep(text: str) -> bool:
    """Whether far more tags open than close: a sign of nesting that no real text has."""
    return text.count("<div") - text.count("</div") > 500 or text.count("<div") > 5_000
