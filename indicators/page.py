"""The report as HTML text: one page, no external resource. Pure functions."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from babel import Locale

__all__ = ["Figure", "Runs", "as_json", "country", "render"]

Row = dict[str, Any]
STYLE = """
:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#ccc;--soft:#f3f4f6;--link:#0b57a4}
@media (prefers-color-scheme:dark){:root{--ink:#e8e8e8;--paper:#16181c;--line:#444;--soft:#23262c;
--link:#8ab8f5}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;
margin:0 auto;padding:1rem}
a{color:var(--link)}h1,h2{line-height:1.2}
.banner{background:var(--soft);border-left:.3rem solid var(--link);padding:.6rem 1rem}
figure{margin:1rem 0 2rem}.chart,.table{overflow-x:auto}figcaption{font-size:.9rem}
table{border-collapse:collapse;font-size:.9rem}caption{text-align:left}
th,td{border-bottom:1px solid var(--line);padding:.2rem .7rem .2rem 0;text-align:left;vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
summary{cursor:pointer}li{margin:.4rem 0;overflow-wrap:anywhere}.facts{font-size:.85rem;opacity:.85}
"""
# The expressions of Vega are compiled, hence unsafe-eval; nothing may be fetched from anywhere.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:"
)
DRAW = """
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var specs = JSON.parse(document.getElementById("specs").textContent);
  function draw() {
    var ink = dark.matches ? "#e8e8e8" : "#1b1b1b", line = dark.matches ? "#444" : "#ddd";
    var config = {background: "transparent", title: {color: ink},
      axis: {labelColor: ink, titleColor: ink, gridColor: line, domainColor: ink, tickColor: ink},
      legend: {labelColor: ink, titleColor: ink}, header: {labelColor: ink, titleColor: ink}};
    Object.keys(specs).forEach(function (id) {
      vegaEmbed("#" + id, specs[id],
        {mode: "vega-lite", actions: false, renderer: "svg", config: config})
        .catch(function (error) {
          var place = document.getElementById(id);
          place.textContent = "The chart cannot be drawn: " + error + ". See the table.";
        });
    });
  }
  draw();
  dark.addEventListener("change", draw);
})();
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its table."""

    title: str
    note: str
    """What is counted and how to read it."""
    rows: list[Row]
    """Rows of the table, all with the same keys."""
    spec: Row | None
    """Vega-Lite specification; empty where there is nothing to draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """What was crawled."""

    states: dict[str, int]
    """Runs per state."""
    total: int
    """Sources with a run."""
    with_done: int
    """Sources with a completed run."""
    sources: list[Row]
    """Table of the sources."""


def as_json(value: Any) -> str:
    """JSON that cannot end the script element around it: `</` and `<!--` are escaped."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "\\u003c!--")


def country(code: str) -> str:
    """English name of an ISO 3166-1 alpha-2 code with the code; `unknown` for ZZ."""
    name = None if code == "ZZ" else Locale("en").territories.get(code)
    return "unknown" if code == "ZZ" else f"{name} ({code})" if name else code


def render(
    *, vintage: str, runs: Runs, headline: list[Row], figures: list[Figure], evidence: list[Row], script: str
) -> str:
    """Put the page together.

    Args:
        vintage: edition of the numbers.
        runs: what was crawled.
        headline: signals per kind: `kind`, `core`, `core+adjacent`, `stored`, `share` (0 to 1).
        figures: charts with tables.
        evidence: `title`, `source`, `kind`, `date`, `url` of signals.
        script: the Vega libraries as one classic script that defines `vegaEmbed`.

    """
    specs = {f"chart-{at}": figure.spec for at, figure in enumerate(figures) if figure.spec}
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Digital social innovation: indicators {escape(vintage)}</title>\n<style>{STYLE}</style>",
        f"</head>\n<body>\n<header><h1>Digital social innovation: indicators</h1>{_banner(vintage, runs)}",
        f"</header>\n<main>\n{_headline(headline)}",
        *(_figure(f"chart-{at}", figure) for at, figure in enumerate(figures)),
        _evidence(evidence),
        "</main>",
        f'<script type="application/json" id="specs">{as_json(specs)}</script>',
        # Inside a string or expression of the libraries `<\\/` reads as `</`.
        "<script>" + script.replace("</script", "<\\/script") + "</script>",
        f"<script>{DRAW}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _banner(vintage: str, runs: Runs) -> str:
    states = ", ".join(f"{number:,} {escape(state)}" for state, number in runs.states.items()) or "none"
    hidden = runs.total - len(runs.sources)
    more = f"<p>{hidden:,} further sources are in the export.</p>" if hidden else ""
    return (
        f'<div class="banner" role="note"><p><strong>Vintage {escape(vintage)}.</strong> '
        f"Runs: {states}. Sources: {runs.total:,} with a run, {runs.with_done:,} of them with a completed "
        "run. The numbers describe what these sources published, not all activity.</p>"
        f"<details><summary>Sources</summary>{_table(runs.sources, 'Runs per source')}{more}</details></div>"
    )


def _headline(rows: list[Row]) -> str:
    total: Row = {"kind": "all kinds"}
    for key in ("core", "core+adjacent", "stored"):
        total[key] = sum(row[key] for row in rows)
    total["share"] = total["core"] / total["stored"] if total["stored"] else None
    shown = [
        {"Kind": _words(row["kind"]), "Core": row["core"], "Core + adjacent": row["core+adjacent"],
         "All signals": row["stored"],
         "Core share": "" if row["share"] is None else f"{100 * row['share']:.1f} %"}
        for row in [*rows, total]
    ]  # fmt: skip
    return (
        f'<section aria-labelledby="numbers"><h2 id="numbers">Signals by kind</h2>'
        f"<p><strong>{_number(total['core'])}</strong> core signals, <strong>"
        f"{_number(total['core+adjacent'])}</strong> with adjacent ones as the sensitivity check; all months "
        f"of the vintage, repeated publications counted once.</p>{_table(shown, 'Signals by kind and grade')}"
        "</section>"
    )


def _figure(key: str, figure: Figure) -> str:
    title = escape(figure.title)
    drawn = f'<div class="chart" id="{key}"></div>' if figure.spec else "<p>Nothing was counted.</p>"
    table = (
        f"<details><summary>Table: {title}</summary>{_table(figure.rows, figure.title)}</details>"
        if figure.rows
        else ""
    )
    return (
        f'<section><h2>{title}</h2><figure aria-label="{title}">{drawn}'
        f"<figcaption>{escape(figure.note)}</figcaption>{table}</figure></section>"
    )


def _evidence(rows: list[Row]) -> str:
    entries = []
    for row in rows:
        title, url = escape(row["title"]), row.get("url") or ""
        # Addresses come from the crawled web: only these two schemes cannot run anything here.
        if urlsplit(url).scheme in {"http", "https"}:
            title = f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{title}</a>'
        facts = " · ".join(escape(text) for text in (row["date"], _words(row["kind"]), row["source"]) if text)
        entries.append(f'<li>{title}<br><span class="facts">{facts}</span></li>')
    listed = f"<ol>{''.join(entries)}</ol>" if entries else "<p>There are no core signals.</p>"
    return f'<section aria-labelledby="evidence"><h2 id="evidence">Latest core signals</h2>{listed}</section>'


def _table(rows: list[Row], caption: str) -> str:
    if not rows:
        return "<p>Nothing to list.</p>"
    keys = list(rows[0])
    numeric = {key for key in keys if all(isinstance(row[key], int | float | None) for row in rows)}

    def tag(name: str, key: str, content: str) -> str:
        attributes = (' scope="col"' if name == "th" else "") + (' class="number"' if key in numeric else "")
        return f"<{name}{attributes}>{content}</{name}>"

    head = "".join(tag("th", key, escape(key)) for key in keys)
    body = "".join(
        "<tr>" + "".join(tag("td", key, _number(row[key])) for key in keys) + "</tr>" for row in rows
    )
    return (
        f'<div class="table"><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _number(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, int | float):
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return escape(str(value))


def _words(name: str) -> str:
    return name.replace("_", " ")
