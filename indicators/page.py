"""The report as HTML text: one page, no external resource. Pure functions."""

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

__all__ = ["Page", "as_json", "asset", "render", "table"]

Row = Mapping[str, Any]
Page = Mapping[str, Any]
"""What `render` needs: `vintage`, `banner` (lines), `sources` (rows), `hidden` (sources left out), `footer`,
`map_source`, `numbers`, `specs`, `shapes`, `library`."""
SCRIPTS = ("state.js", "sums.js", "tables.js", "charts.js", "figures.js", "themes.js", "main.js")
STYLES = ("style.css", "print.css")
# The expressions of Vega are compiled, hence unsafe-eval; nothing may be fetched from anywhere.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)


@cache
def asset(name: str) -> str:
    """Read a file of the folder `assets`."""
    return files("indicators").joinpath("assets", name).read_text(encoding="utf-8")


def as_json(value: Any) -> str:
    """JSON that cannot end or confuse the script element around it: every `<` is escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def render(page: Page) -> str:
    """Put the page together."""
    return Template(asset("template.html")).substitute(
        policy=POLICY, vintage=escape(page["vintage"]), style="\n".join(asset(name) for name in STYLES),
        banner=_banner(page["banner"]), coverage=_coverage(page), footer=escape(page["footer"]),
        map_source=escape(page["map_source"]), numbers=as_json(page["numbers"]), specs=as_json(page["specs"]),
        shapes=as_json(page["shapes"]), script="\n".join(asset(name) for name in SCRIPTS),
        # Inside a string or expression of the libraries `<\\/` reads as `</`.
        library=page["library"].replace("</script", "<\\/script"),
    )  # fmt: skip


def table(caption: str, rows: list[Row]) -> str:
    """HTML table of rows that all have the same keys; numbers stand right."""
    if not rows:
        return "<p>Nothing to list.</p>"
    keys = list(rows[0])
    numeric = {key for key in keys if all(isinstance(row[key], int | float) for row in rows)}

    def cell(tag: str, key: str, content: str, scope: str = "") -> str:
        kind = ' class="number"' if key in numeric else ""
        return f"<{tag}{scope}{kind}>{content}</{tag}>"

    head = "".join(cell("th", key, escape(key), ' scope="col"') for key in keys)
    body = "".join(
        "<tr>" + cell("th", keys[0], _text(row[keys[0]]), ' scope="row"')
        + "".join(cell("td", key, _text(row[key])) for key in keys[1:]) + "</tr>"
        for row in rows
    )  # fmt: skip
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{escape(caption)}, table"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _banner(lines: list[str]) -> str:
    first, *rest = lines
    others = "".join(f"<p>{escape(line)}</p>" for line in rest)
    return f'<div class="banner" role="note"><p><strong>{escape(first)}</strong></p>{others}</div>'


def _coverage(page: Page) -> str:
    hidden = page["hidden"]
    more = (
        f"<p>{hidden:,} further sources are in <code>sources.csv</code> of the export.</p>" if hidden else ""
    )
    return table("Sources", page["sources"]) + more


def _text(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) else escape(str(value or "–"))
