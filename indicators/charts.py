"""The charts of the report as Vega-Lite specifications. Pure functions; need the `report` extra."""

from typing import Any

__all__ = ["by_area", "by_country", "by_month"]

Row = dict[str, Any]
# Okabe and Ito's palette: told apart with colour-blindness, and readable on white and on dark.
PALETTE = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999", "#B8A800"]
ACCENT = PALETTE[0]


def by_month(rows: list[Row]) -> Row | None:
    """Line with interval band per kind, one panel each; empty where nothing was observed.

    Args:
        rows: `month` (YYYY-MM), `kind`, `value`, `low`, `high`, `status`; value empty where not observed.

    """
    import altair as alt

    if all(row["value"] is None for row in rows):
        return None
    # Text instead of dates: no time zone of the reader can move a month.
    base = alt.Chart().encode(
        x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True))
    )
    tooltip = ["month:O", "kind:N", "value:Q", alt.Tooltip("low:Q", format=".1f"),
               alt.Tooltip("high:Q", format=".1f"), "status:N"]  # fmt: skip
    band = base.mark_area(opacity=0.25, color=ACCENT).encode(
        y=alt.Y("low:Q", title="signals"), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=ACCENT).encode(y=alt.Y("value:Q", title="signals"))
    points = base.mark_point(size=30, color=ACCENT).encode(
        y=alt.Y("value:Q", title="signals"), tooltip=tooltip,
        fill=alt.condition("datum.status == 'final'", alt.value(ACCENT), alt.value("transparent")),
    )  # fmt: skip
    # An interval of a month alone has no width as an area: a rule shows it.
    rule = base.mark_rule(opacity=0.5, color=ACCENT).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    panels = (
        alt.layer(band, rule, line, points, data=alt.InlineData(values=rows))
        .properties(width=640, height=130)
        .facet(row=alt.Row("kind:N", title=None, header=alt.Header(labelAngle=0, labelOrient="top")))
        .resolve_scale(y="independent")
    )
    return _finished(panels, "Core signals per month, one panel per kind, with 95 % intervals")


def by_area(rows: list[Row]) -> Row | None:
    """Bars per area, stacked by kind; empty without rows.

    Args:
        rows: `area`, `kind`, `value`.

    """
    import altair as alt

    if not rows:
        return None
    kinds = sorted({row["kind"] for row in rows})
    chart = (
        alt.Chart(alt.InlineData(values=rows), width=520, height={"step": 22})
        .mark_bar()
        .encode(
            x=alt.X(
                "sum(value):Q", title="signals, counted in each of their areas", axis=alt.Axis(tickMinStep=1)
            ),
            y=alt.Y("area:N", sort="-x", title=None, axis=alt.Axis(labelLimit=260)),
            color=alt.Color("kind:N", title="kind", scale=alt.Scale(domain=kinds, range=PALETTE)),
            tooltip=["area:N", "kind:N", "value:Q"],
        )
    )
    return _finished(chart, "Core signals per area, stacked by kind")


def by_country(rows: list[Row]) -> Row | None:
    """Bars per country with intervals; empty without rows.

    Args:
        rows: `country`, `value`, `low`, `high`.

    """
    import altair as alt

    if not rows:
        return None
    order = [row["country"] for row in rows]
    base = alt.Chart().encode(y=alt.Y("country:N", sort=order, title=None))
    bars = base.mark_bar(color=ACCENT).encode(
        x=alt.X("value:Q", title="signals, with 95 % interval"),
        tooltip=["country:N", "value:Q", alt.Tooltip("low:Q", format=".1f"),
                 alt.Tooltip("high:Q", format=".1f")],
    )  # fmt: skip
    rules = base.mark_rule(color="#D55E00", strokeWidth=2).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    chart = alt.layer(bars, rules, data=alt.InlineData(values=rows)).properties(
        width=520, height={"step": 22}
    )
    return _finished(chart, "Core signals per country with 95 % intervals")


def _finished(chart: Any, description: str) -> Row:
    spec: Row = chart.properties(description=description).to_dict()
    # Colours of text and axes come from the page, which knows the reader's scheme.
    spec["config"] = {"view": {"stroke": None}}
    # Vega has this schema built in; an address would only suggest that something is fetched.
    spec.pop("$schema", None)
    return spec
