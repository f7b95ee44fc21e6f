"""The columns of the published table, and the codebook that explains them."""

from indicators.declarations import declarations
from indicators.tables import to_csv

__all__ = ["COLUMNS", "STATUS", "codebook_csv"]

STATUS = {
    "A": "normal",
    "P": "provisional: the month was not over when the vintage was made",
    "U": "low reliability: no run of a source fell into the month, the signals were dated into it later",
    "L": "not observed: no source that yields such signals completed a run in the month; not zero",
}
COLUMNS: dict[str, tuple[str, str, str, bool]] = {
    "indicator": ("string", "Identifier of the indicator", "", False),
    "period": (
        "string",
        "Month, YYYY-MM: of publication or award, else opening, else first sight",
        "",
        False,
    ),
    "geo_level": ("string", "Level of the place", "country, eu, world, nuts1, nuts2, city", False),
    "geo": (
        "string",
        "ISO 3166-1 alpha-2; EU for the Union as a whole, ZZ unknown; EU27, WORLD for sums; NUTS code; for "
        "cities country and name",
        "",
        False,
    ),
    "kind": (
        "string",
        "Kind of signal",
        "job_advert, dataset, funding_call, award, notice, post, organisation, project",
        False,
    ),
    "dimension": (
        "string",
        "What the members divide",
        "all, area, trend, technology, theme, sector, stage, area_technology",
        False,
    ),
    "member": ("string", "Member of the dimension; ALL for all", "", False),
    "grades": ("string", "Grades that count: core; core+adjacent as the sensitivity check; any", "", False),
    "counting": (
        "string",
        "full: once per member; fractional: 1/k for each of k members",
        "full, fractional",
        False,
    ),
    "value": ("number", "The number as classified; empty where not observed", "", False),
    "unit": ("string", "Unit of the value", "signals, organisations, EUR, 1 (share)", False),
    "n": ("integer", "Signals the number rests on; of a share its denominator", "", False),
    "ci_low": (
        "number",
        "Lower bound of the 95 % interval of the value (Poisson count, Wilson share)",
        "",
        True,
    ),
    "ci_high": ("number", "Upper bound of it", "", True),
    "corrected": ("number", "Estimate of the true number by the audit sample; empty without one", "", True),
    "corrected_low": ("number", "Lower bound of its 95 % interval", "", True),
    "corrected_high": ("number", "Upper bound of it", "", True),
    "per_million": ("number", "Value per million inhabitants", "", True),
    "population": ("integer", "Inhabitants it was divided by", "", True),
    "population_year": (
        "integer",
        "Year of that figure; earlier than the period where carried over",
        "",
        True,
    ),
    "share": ("number", "Value as a share of all signals of the kind in the cell", "", True),
    "lq": (
        "number",
        "Location quotient: share in the place over the share in all places; from 5 signals on",
        "",
        True,
    ),
    "status": (
        "string",
        "; ".join(f"{code} {text}" for code, text in STATUS.items()),
        ", ".join(STATUS),
        False,
    ),
    "vintage": ("string", "Edition the row was published in", "", False),
}
"""Column -> type, definition, allowed values, whether it is derived from other columns or tables."""


def codebook_csv() -> bytes:
    """Write the codebook: the columns of the table, then the indicators."""
    rows = [
        ["column", name, kind, "", definition, allowed, "derived" if derived else "counted"]
        for name, (kind, definition, allowed, derived) in COLUMNS.items()
    ]
    rows += [
        [
            "indicator",
            d.name,
            "number",
            d.unit,
            f"{d.title}. {d.definition}",
            " ".join(d.kinds) or "all kinds",
            "derived" if d.is_ratio else "counted",
        ]
        for d in declarations().values()
    ]
    return to_csv(["entry", "name", "type", "unit", "definition", "allowed", "origin"], rows)
