"""A page in a repository: front matter (YAML or TOML) and a body in Markdown or HTML. Pure."""

import re
import tomllib
from datetime import date
from typing import Any

__all__ = ["front_matter", "markup"]

BLOCK = re.compile(r"\A\ufeff?\s*(---|\+\+\+)[ \t]*\n(.*?)^\1[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
SHORTCODE = re.compile(r"\{\{[<%].*?[>%]\}\}|\{%.*?%\}|\{\{.*?\}\}|^\{:.*?\}$", re.DOTALL | re.MULTILINE)
"""Tags of the site generators Hugo, Jekyll and Eleventy: they produce layout, not text."""
MAX_BLOCK = 64 * 1024
"""Longest front matter that is read, characters."""


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Split a page into its front matter, with dates as text, and its body.

    Raises:
        ValueError: the front matter is damaged, too long, or no table.
    """
    import yaml

    match = BLOCK.match(text.replace("\r\n", "\n"))
    if not match:
        return {}, text
    body = text.replace("\r\n", "\n")[match.end() :]
    if len(match[2]) > MAX_BLOCK:
        raise ValueError(f"front matter of more than {MAX_BLOCK} characters")
    try:
        # BaseLoader keeps every value as it is written: `no` stays a word, a day stays a text
        table = tomllib.loads(match[2]) if match[1] == "+++" else yaml.load(match[2], Loader=yaml.BaseLoader)  # noqa: S506  makes strings only
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())) from error
    if table is None or table == "":
        return {}, body
    if not isinstance(table, dict):
        raise ValueError("the front matter is no table")
    return {str(k): v.isoformat() if isinstance(v, date) else v for k, v in table.items()}, body


def markup(body: str, *, markdown: bool) -> str:
    """The body as HTML, without the tags of site generators."""
    text = SHORTCODE.sub("", body)
    if not markdown:
        return text
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").enable("table").render(text))
