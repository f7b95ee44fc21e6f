"""The charts of the report as Vega-Lite specifications without numbers. Pure; need the `report` extra.

The page puts the numbers in: every specification reads the data set `rows` (the network also `links`, the
map also `shapes`), whose columns are named with each function. Width and colours of text come from the page,
which knows the reader's screen and scheme.
"""

from typing import Any

__all__ = ["bars", "europe", "matrix", "network", "series", "specifications"]

Spec = dict[str, Any]
# Okabe and Ito's palette: told apart with colour-blindness, and readable on white and on dark.
PALETTE = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A800", "#8C8C8C"]
ACCENT, CONTRAST = PALETTE[0], PALETTE[5]
WIDTH = 560
SHORT = "datum.value < 10000 ? format(datum.value, ',~r') : format(datum.value, '~s')"
"""Labels of an axis: whole numbers up to 9,999, then with the letters k and M."""


def specifications() -> dict[str, Spec]:
    """All specifications by the name under which the page draws them."""
    return {"series": series(), "bars": bars(), "matrix": matrix(), "europe": europe(), "network": network()}


def series() -> Spec:
    """Line with interval per panel, one panel below the other, each with its own scale.

    Columns: `panel`, `month` (YYYY-MM), `value`, `low`, `high`, `corrected`, `corrected_low`,
    `corrected_high`, `status` (normal, provisional, low reliability, not observed).
    """
    import altair as alt

    # Text instead of dates: no time zone of the reader can move a month.
    base = alt.Chart().encode(
        x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True, labelPadding=3))
    )
    tooltip = [
        alt.Tooltip("panel:N", title="what"), alt.Tooltip("month:O"), alt.Tooltip("value:Q", format=",.6~r"),
        alt.Tooltip("low:Q", format=",.1f"), alt.Tooltip("high:Q", format=",.1f"),
        alt.Tooltip("corrected:Q", format=",.1f"), alt.Tooltip("status:N"),
    ]  # fmt: skip
    band = base.mark_area(opacity=0.2, color=ACCENT).encode(
        y=alt.Y("low:Q", title=None, axis=alt.Axis(tickCount=4, labelExpr=SHORT)), y2=alt.Y2("high:Q")
    )
    # An interval of a month alone has no width as an area: a rule shows it.
    rule = base.mark_rule(opacity=0.45, color=ACCENT).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    line = base.mark_line(color=ACCENT).encode(y=alt.Y("value:Q"))
    points = base.mark_point(size=28, color=ACCENT).encode(
        y=alt.Y("value:Q"), tooltip=tooltip,
        fill=alt.condition("datum.status == 'normal'", alt.value(ACCENT), alt.value("transparent")),
    )  # fmt: skip
    estimate = base.transform_filter("isValid(datum.corrected)")
    corrected = estimate.mark_line(color=CONTRAST, strokeDash=[5, 3]).encode(y=alt.Y("corrected:Q"))
    bounds = estimate.mark_rule(color=CONTRAST, opacity=0.6, xOffset=3).encode(
        y=alt.Y("corrected_low:Q"), y2=alt.Y2("corrected_high:Q")
    )
    panels = (
        alt.layer(band, rule, line, corrected, bounds, points, data=alt.NamedData(name="rows"))
        .properties(width=WIDTH, height=110)
        .facet(
            row=alt.Row(
                "panel:N", title=None, sort=None,
                header=alt.Header(
                    labelAngle=0, labelOrient="top", labelAnchor="start", labelFontWeight="bold"
                ),
            ),
            spacing=14,
        )
        .resolve_scale(y="independent")
    )  # fmt: skip
    return _finished(panels)


def bars() -> Spec:
    """Bars with intervals in the order of the rows.

    Columns: `name`, `value`, `low`, `high`.
    """
    import altair as alt

    base = alt.Chart().encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False))
    )
    tooltip = [
        alt.Tooltip("name:N"), alt.Tooltip("value:Q", format=",.6~r"), alt.Tooltip("low:Q", format=",.1f"),
        alt.Tooltip("high:Q", format=",.1f"),
    ]  # fmt: skip
    marks = base.mark_bar(color=ACCENT, cornerRadiusEnd=2).encode(
        x=alt.X("value:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=5, labelExpr=SHORT)),
        tooltip=tooltip,
    )
    rules = base.mark_rule(color=CONTRAST, strokeWidth=1.5).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    chart = alt.layer(marks, rules, data=alt.NamedData(name="rows"))
    return _finished(chart.properties(width=WIDTH, height=alt.Step(22)))


def matrix() -> Spec:
    """Areas by technologies: circles whose area is the number, with the number beside each.

    Columns: `area`, `technology`, `value`. The report of 2017 drew the same as its Figure 7.
    """
    import altair as alt

    base = alt.Chart().encode(
        x=alt.X(
            "technology:N", sort=None, title=None, scale=alt.Scale(paddingOuter=0.3),
            axis=alt.Axis(
                orient="top", labelAngle=-50, labelLimit=190, labelAlign="left", labelPadding=6, grid=True,
                ticks=False, domain=False,
            ),
        ),
        y=alt.Y(
            "area:N", sort=None, title=None,
            axis=alt.Axis(labelLimit=150, grid=True, ticks=False, domain=False),
        ),
    )  # fmt: skip
    tooltip = [alt.Tooltip("area:N"), alt.Tooltip("technology:N"), alt.Tooltip("value:Q", format=",.6~r")]
    circles = base.mark_circle(color=ACCENT, opacity=0.4).encode(
        size=alt.Size("value:Q", scale=alt.Scale(range=[0, 1100], zero=True), legend=None), tooltip=tooltip
    )
    numbers = base.mark_text(fontSize=10, dy=0, fontWeight="bold").encode(
        text=alt.Text("value:Q", format=",.3~r"), tooltip=tooltip
    )
    chart = alt.layer(circles, numbers, data=alt.NamedData(name="rows"))
    return _finished(chart.properties(width=alt.Step(33), height=alt.Step(33)))


def europe() -> Spec:
    """Map of Europe in plane coordinates.

    Columns of `rows`: `code`, `name`, `value`, `shown` (what is coloured), `text` (for the tooltip), and for
    countries too small to be seen `x` and `y`. `shapes` is the topology of `data/europe.json`.
    """
    import altair as alt

    shapes = alt.NamedData(name="shapes", format=alt.TopoDataFormat(feature="europe", type="topojson"))
    rows = alt.NamedData(name="rows")
    colour = alt.Color(
        "shown:Q", title=None, scale=alt.Scale(type="sqrt", nice=True, zero=True),
        legend=alt.Legend(
            orient="top", direction="horizontal", gradientLength=200, tickCount=4, labelExpr=SHORT
        ),
    )  # fmt: skip
    tooltip = [alt.Tooltip("name:N", title="country"), alt.Tooltip("text:N", title="signals")]
    land = alt.Chart(shapes).mark_geoshape(strokeWidth=0.6, fill="#8888884d", stroke="#88888880")
    countries = (
        alt.Chart(shapes)
        .transform_filter("isValid(datum.id)")
        .transform_lookup(
            lookup="id",
            from_=alt.LookupData(data=rows, key="code", fields=["name", "value", "shown", "text"]),
        )
        .transform_filter("isValid(datum.shown)")
        .mark_geoshape(strokeWidth=0.6, stroke="#888888")
        .encode(color=colour, tooltip=tooltip)
    )
    small = alt.Chart(rows).transform_filter("isValid(datum.x)").encode(longitude="x:Q", latitude="y:Q")
    rings = small.mark_circle(size=130, stroke="#888888", strokeWidth=1.2, opacity=1, fill="#8888884d")
    markers = (
        small.transform_filter("isValid(datum.shown)")
        .mark_circle(size=130, stroke="#888888", strokeWidth=1.2, opacity=1)
        .encode(color=colour, tooltip=tooltip)
    )
    names = small.mark_text(dx=10, align="left", fontSize=10).encode(text="code:N")
    chart = (
        alt.layer(land, countries, rings, markers, names)
        .project(type="identity", reflectY=True)
        .properties(width=WIDTH, height=WIDTH)
    )
    return _finished(chart)


def network() -> Spec:
    """Organisations and their links.

    Columns of `rows`: `x`, `y`, `name`, `country`, `partners`, `community`; of `links`: `x`, `y`, `x2`, `y2`,
    `weight`, `cross` (yes, no, unknown).
    """
    import altair as alt

    plain = alt.Axis(labels=False, ticks=False, grid=False, domain=False, title=None)
    scale = alt.Scale(zero=False, nice=False, padding=8)
    # The largest network is the first row of the layout: upwards is downwards.
    down = alt.Scale(zero=False, nice=False, padding=8, reverse=True)
    place = {"x": alt.X("x:Q", axis=plain, scale=scale), "y": alt.Y("y:Q", axis=plain, scale=down)}
    links = (
        alt.Chart(alt.NamedData(name="links"))
        .mark_rule(opacity=0.35, color="#888888")
        .encode(
            **place, x2="x2:Q", y2="y2:Q",
            strokeWidth=alt.StrokeWidth("weight:Q", scale=alt.Scale(range=[0.7, 3]), legend=None),
        )
    )  # fmt: skip
    nodes = (
        alt.Chart(alt.NamedData(name="rows"))
        .mark_circle(opacity=0.9, stroke="#888888", strokeWidth=0.4)
        .encode(
            **place,
            size=alt.Size("partners:Q", scale=alt.Scale(range=[18, 200]), legend=None),
            color=alt.Color(
                "community:N", sort=None, legend=None,
                scale=alt.Scale(domain=[*"1234567", "further"], range=PALETTE),
            ),
            tooltip=["name:N", "country:N", "partners:Q"],
        )
    )  # fmt: skip
    return _finished(alt.layer(links, nodes).properties(width=WIDTH, height=420))


def _finished(chart: Any) -> Spec:
    spec: Spec = chart.to_dict()
    spec["config"] = {"view": {"stroke": None}}
    # Vega has this schema built in; an address would only suggest that something is fetched.
    spec.pop("$schema", None)
    return spec
