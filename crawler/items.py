"""The items: what a spider reads and the pipeline completes.

One dataclass per kind of signal. Names follow schema.org (JobPosting, Dataset, MonetaryGrant), DCAT and
OCDS. Raw and normalised values stand side by side: a spider fills `*_raw` with what the source wrote,
the pipeline fills the normalised twin and never touches the raw one. The docstring below a field is its
description in the MongoDB validator and in the data dictionary (`docs/data-dictionary.md`).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from crawler.parts import Money, Occupation, Organisation, Place

__all__ = [
    "KINDS",
    "Award",
    "Dataset",
    "DirectoryOrganisation",
    "DirectoryProject",
    "FundingCall",
    "Issue",
    "JobAdvert",
    "Money",
    "Notice",
    "Occupation",
    "Organisation",
    "Place",
    "Post",
    "Signal",
]


@dataclass(slots=True, kw_only=True)
class Signal:
    """One trace of activity found at one source. Subclasses add what their kind needs."""

    kind: ClassVar[str] = ""

    source: str
    """Identifier of the source: the stem of its file."""
    family: str
    """`jobs`, `portals`, `funding`, `social` or `directory`."""
    native_id: str | None = None
    """The source's own identifier, as text; never our key."""
    url: str | None = None
    """Address of the signal's own page."""
    title: str = ""
    """Title, plain text."""
    text: str = ""
    """Body, plain text, e-mail addresses and phone numbers masked."""
    html: str | None = None
    """HTML fragment that holds the body; becomes `text`, is not stored."""
    page: str | None = None
    """Whole HTML page in which the body must be found; becomes `text`, is not stored."""
    language: str | None = None
    """Measured language, ISO 639-1; empty where the text is too short to tell."""
    language_declared: str | None = None
    """Language the source states."""
    keywords: list[str] = field(default_factory=list)
    """Keywords, tags or categories as the source writes them."""
    published_raw: str | None = None
    """Publication date as the source writes it."""
    published_at: datetime | None = None
    """Publication date (UTC)."""
    updated_raw: str | None = None
    """Date of the last change as the source writes it."""
    updated_at: datetime | None = None
    """Date of the last change (UTC)."""
    closes_raw: str | None = None
    """Closing date or deadline as the source writes it."""
    closes_at: datetime | None = None
    """Closing date: the next deadline, or the end of validity (UTC)."""
    organisation: Organisation | None = None
    """Employer, publisher or funder."""
    place: Place | None = None
    """Where the activity is."""
    money: Money | None = None
    """Salary, budget or award."""
    licence: str | None = None
    """Licence of the described thing, as the source writes it."""
    identifiers: list[str] = field(default_factory=list)
    """Further identifiers that others may share: dataset URI, DOI, requisition number, grant reference."""
    removed: bool = False
    """The source itself says that the signal was withdrawn (change streams)."""

    signal_id: str | None = None
    """Key of the signal: hash of the source and its native id, else of its canonical address."""
    content_hash: str | None = None
    """SHA-256 of the content fields; equal hash means unchanged."""
    cluster_id: str | None = None
    """Signals that are the same thing published again share this identifier."""
    cluster_reason: str | None = None
    """Evidence that joined the cluster."""
    canonical: bool = True
    """The one member of a cluster that is counted."""
    series_id: str | None = None
    """Signals that are instances of one template share this identifier."""
    dedup_keys: list[str] = field(default_factory=list)
    """Exact and near-duplicate keys under which other signals are looked up."""
    dsi: dict[str, Any] | None = None
    """Decision of the classifier: grade, score, areas, trends, technologies, themes, matched, model."""
    evidence: list[str] = field(default_factory=list)
    """SHA-256 of the raw responses this signal was read from."""


@dataclass(slots=True, kw_only=True)
class JobAdvert(Signal):
    """A vacancy (schema.org JobPosting)."""

    kind: ClassVar[str] = "job_advert"

    employment_type: list[str] = field(default_factory=list)
    """schema.org values: FULL_TIME, PART_TIME, CONTRACTOR, TEMPORARY, INTERN, VOLUNTEER, PER_DIEM, OTHER."""
    location_mode: str | None = None
    """`onsite`, `hybrid` or `remote`."""
    places: list[Place] = field(default_factory=list)
    """Further places of the same advert."""
    occupation: Occupation | None = None
    """Occupation code where the source gives one."""
    positions: int | None = None
    """Number of posts."""
    evergreen: bool = False
    """A standing invitation ("talent pool"), not a vacancy."""
    requisition_id: str | None = None
    """The employer's own number of the vacancy, shared by its postings."""


@dataclass(slots=True, kw_only=True)
class Dataset(Signal):
    """An entry of an open-data catalogue (DCAT Dataset)."""

    kind: ClassVar[str] = "dataset"

    formats: list[str] = field(default_factory=list)
    """Formats of the distributions, upper case."""
    themes: list[str] = field(default_factory=list)
    """Themes or groups as the catalogue writes them."""
    distributions: list[str] = field(default_factory=list)
    """Addresses of the distributions."""
    harvested_from: str | None = None
    """The catalogue this entry was copied from, where the portal says so."""
    frequency: str | None = None
    """Update frequency as the catalogue writes it."""


@dataclass(slots=True, kw_only=True)
class FundingCall(Signal):
    """An open or planned call for applications."""

    kind: ClassVar[str] = "funding_call"

    opens_raw: str | None = None
    """Opening date as the source writes it."""
    opens_at: datetime | None = None
    """Opening date (UTC)."""
    deadlines: list[datetime] = field(default_factory=list)
    """All deadlines (UTC), ascending."""
    deadline_model: str | None = None
    """`single`, `two-stage`, `cut-off` or `rolling`."""
    programme: str | None = None
    """Programme the call belongs to."""
    status_raw: str | None = None
    """Status as the source states it; the status in exports is computed from the dates."""
    expected_grants: int | None = None
    """Number of grants the call expects to make."""


@dataclass(slots=True, kw_only=True)
class Award(Signal):
    """A grant that was made (schema.org MonetaryGrant, 360Giving)."""

    kind: ClassVar[str] = "award"

    recipient: Organisation | None = None
    """Who received it."""
    programme: str | None = None
    """Programme it was made under."""
    starts_raw: str | None = None
    """Start of the funded work as the source writes it."""
    ends_raw: str | None = None
    """End of the funded work as the source writes it."""


@dataclass(slots=True, kw_only=True)
class Notice(Signal):
    """A procurement notice or another official announcement (OCDS)."""

    kind: ClassVar[str] = "notice"

    classification: list[str] = field(default_factory=list)
    """CPV codes."""


@dataclass(slots=True, kw_only=True)
class Post(Signal):
    """A public post on a news page, blog or social network."""

    kind: ClassVar[str] = "post"

    author_hash: str | None = None
    """Salted hash of the author; the author is not stored."""


@dataclass(slots=True, kw_only=True)
class DirectoryOrganisation(Signal):
    """An organisation in a register of organisations."""

    kind: ClassVar[str] = "organisation"

    organisation_type: str | None = None
    """Type as the register writes it."""
    declared: dict[str, Any] | None = None
    """What the owner declared: `links` (native ids of its projects), `networks` it belongs to."""


@dataclass(slots=True, kw_only=True)
class DirectoryProject(Signal):
    """A project in a register of projects."""

    kind: ClassVar[str] = "project"

    organisations: list[str] = field(default_factory=list)
    """Native ids of the organisations that take part."""
    declared: dict[str, Any] | None = None
    """What the owner declared: `areas`, `trends` and `technologies` by the names of the taxonomy,
    `other_areas` and so on for tags typed in freely, `links` (native ids of its organisations)."""


KINDS: dict[str, type[Signal]] = {
    item_class.kind: item_class
    for item_class in (
        JobAdvert, Dataset, FundingCall, Award, Notice, Post, DirectoryOrganisation, DirectoryProject,
    )
}  # fmt: skip
"""Item class of each kind, in the order of the documentation."""


@dataclass(slots=True, kw_only=True)
class Issue:
    """A problem found during a run: recorded beside the evidence, never only logged."""

    level: str
    """`info` (worth knowing), `warning` (something was repaired or left out) or `error` (something was lost)."""
    step: str
    """Where it was found: `parse`, `fetch`, `validate`, `extract`, …"""
    code: str
    """Stable identifier in kebab case (`bad-json`, `missing-title`)."""
    message: str
    """One sentence that names what was found and what was expected."""
    url: str | None = None
    """Address it concerns."""
    record: Any = None
    """The offending record, shortened where it is long."""
