"""The parts that items of several kinds share: who, where, how much, what occupation."""

from dataclasses import dataclass

__all__ = ["Money", "Occupation", "Organisation", "Place"]


@dataclass(slots=True, kw_only=True)
class Organisation:
    """Who stands behind a signal: employer, publisher, funder, recipient."""

    name: str | None = None
    """Name as the source writes it."""
    sector: str | None = None
    """`public`, `civil-society`, `academic` or `private`; empty where no rule decides."""
    sector_rule: str | None = None
    """The rule that decided the sector."""
    id: str | None = None
    """Identifier with its scheme, as in org-id.guide (`GB-CHC-1140352`)."""
    url: str | None = None
    """Home page."""


@dataclass(slots=True, kw_only=True)
class Place:
    """Where the activity is."""

    raw: str | None = None
    """Place as the source writes it."""
    country: str | None = None
    """ISO 3166-1 alpha-2 code, `EU` for the Union as a whole, `ZZ` for unknown."""
    region: str | None = None
    """Region as the source writes it, or a NUTS code where the source gives one."""
    city: str | None = None
    """City name as in the gazetteer, or as the source writes it where the gazetteer has none."""
    lat: float | None = None
    """Latitude, degrees north (WGS 84)."""
    lon: float | None = None
    """Longitude, degrees east (WGS 84)."""
    how: str | None = None
    """How the place was found: `stated`, `gazetteer`, `source` (the country of the source), `unknown`."""


@dataclass(slots=True, kw_only=True)
class Money:
    """A sum as stated, and in euro."""

    raw: str | None = None
    """The sum as the source writes it."""
    amount: float | None = None
    """The sum as a number, in `currency`; the lower end of a range."""
    amount_max: float | None = None
    """The upper end of a range."""
    currency: str | None = None
    """ISO 4217 code."""
    kind: str | None = None
    """`award`, `min`, `max`, `envelope`, `estimate`, `project_cost` or `salary`; kinds are never added up."""
    unit: str | None = None
    """For salaries: `HOUR`, `DAY`, `WEEK`, `MONTH` or `YEAR` (schema.org unitText)."""
    eur: float | None = None
    """`amount` in euro."""
    fx_rate: float | None = None
    """Units of `currency` per euro used for `eur`."""
    fx_date: str | None = None
    """Day or year the rate belongs to."""


@dataclass(slots=True, kw_only=True)
class Occupation:
    """What kind of work an advert is for."""

    scheme: str | None = None
    """`ISCO08`, `ESCO`, `SSYK`, `STYRK08`, `ROME` or `KldB`."""
    code: str | None = None
    """Code in that scheme."""
    label: str | None = None
    """Label as the source gives it."""
