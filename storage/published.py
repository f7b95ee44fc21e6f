"""The documents of the published indicators and their audit; see `storage.documents` for the others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

__all__ = ["AuditDraw", "IndicatorRow", "Vintage"]


@dataclass(slots=True, kw_only=True)
class AuditDraw:
    """One signal of an audit sample."""

    _id: str
    """Key of the signal."""
    probability: float
    """Chance with which it was drawn."""
    stratum: int | None = None
    """Stratum of the draw, 0 the lowest scores."""
    score: float | None = None
    """Score at the time of the draw."""
    seed: int | None = None
    """Seed of the draw."""
    drawn_at: datetime | None = None
    """When it was drawn (UTC)."""


@dataclass(slots=True, kw_only=True)
class IndicatorRow:
    """One published number; the codebook of an export explains every column."""

    _id: str
    """The columns that identify the row, and the vintage it was computed in, joined by `|`."""
    indicator: str
    """Identifier of the indicator."""
    period: str | None = None
    """Month (`2026-03`)."""
    geo_level: str | None = None
    """`country`, `eu`, `world`, `nuts1`, `nuts2` or `city`."""
    geo: str | None = None
    """Country or region code, `EU27`, `WORLD`, or country and name of a city."""
    kind: str | None = None
    """Kind of signal."""
    dimension: str | None = None
    """What the members divide; `all` for the total."""
    member: str | None = None
    """Member of the dimension; `ALL` for the total."""
    grades: str | None = None
    """Grades that count: `core`, `core+adjacent` or `any`."""
    counting: str | None = None
    """`full` or `fractional`."""
    vintage: Any = None
    """Edition the row was computed in; never changed once written."""
    value: float | None = None
    """The number; empty where not observed."""
    n: float | None = None
    """Number of signals it rests on."""
    status: str | None = None
    """Whether the number was observed, is provisional, or was not observed."""


@dataclass(slots=True, kw_only=True)
class Vintage:
    """One edition of the indicators; it exists from the moment its document is written."""

    _id: str
    """Name: `YYYY-MM-DD`, from the second of a day on with a suffix; `building` marks one in progress."""
    state: Literal["published", "building"]
    """`published`; the mark of a build in progress has `building`."""
    day: str | None = None
    """Day of the edition."""
    built_at: datetime | None = None
    """When it was made (UTC)."""
    previous: str | None = None
    """The edition before."""
    rows: int | None = None
    """Number of rows."""
    first: str | None = None
    """First month."""
    last: str | None = None
    """Last month."""
    blocks: dict[str, Any] | None = None
    """Month -> edition its rows were computed in and carry in `vintage`."""
    digests: dict[str, Any] | None = None
    """Month -> SHA-256 of its rows."""
    counts: dict[str, Any] | None = None
    """Month -> number of rows."""
    models: list[str] | None = None
    """Versions of the classifier that decided about the signals."""
    files: list[str] | None = None
    """Files frozen with it, in the GridFS bucket `vintage_files` under `vintage/file`."""
    software: str | None = None
    """Version of the software."""
    name: str | None = None
    """Of a build in progress: the edition it makes."""
    host: str | None = None
    """Of a build in progress: its machine."""
    pid: int | None = None
    """Of a build in progress: its process."""
    started_at: datetime | None = None
    """Of a build in progress: its start (UTC)."""
