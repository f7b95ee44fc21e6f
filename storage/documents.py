"""The documents of the store, one dataclass per collection; the docstrings are the data dictionary.

The content of a signal is defined by the items of the crawler; `SignalRecord` is what the store adds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

__all__ = [
    "Evidence",
    "IssueDocument",
    "Label",
    "Model",
    "Observation",
    "RunDocument",
    "SignalRecord",
    "SourceState",
]


@dataclass(slots=True, kw_only=True)
class SignalRecord:
    """What the store keeps about every signal, beside its content."""

    _id: str
    """Key: hash of the source and its native id, else of its canonical address."""
    source: str
    """Identifier of the source."""
    kind: str
    """`job_advert`, `dataset`, `funding_call`, `award`, `notice`, `post`, `organisation` or `project`."""
    url_key: str | None = None
    """Canonical address, by which a resumed run knows what is done."""
    content_hash: str | None = None
    """SHA-256 of the content fields; equal hash means unchanged."""
    first_seen: datetime | None = None
    """When a run stored it first (UTC)."""
    first_run: str | None = None
    """The run that stored it first."""
    last_seen: datetime | None = None
    """When a run saw it last (UTC)."""
    last_run: str | None = None
    """The run that saw it last."""
    missing_count: int = 0
    """In how many complete listings in a row it was absent."""
    missing_run: str | None = None
    """The run that counted the last absence; a repeat does not count again."""
    removed_at: datetime | None = None
    """When it was found to be gone (UTC); empty while it is listed."""
    removal_reason: str | None = None
    """`listing_absent` (a complete listing lacked it), `source_removed` (the source says so, or its own page answers
    404 or 410), `expired` (past its closing date) or `lifetime` (no closing date, and not seen for long)."""
    forgotten_at: datetime | None = None
    """When its text was deleted, as the terms of its source ask (UTC); empty while it is kept."""


@dataclass(slots=True, kw_only=True)
class Evidence:
    """A raw response from which signals were read."""

    _id: str
    """SHA-256 of the body, hexadecimal."""
    url: str | None = None
    """Address that answered."""
    status: int | None = None
    """HTTP status."""
    headers: dict[str, Any] | None = None
    """The headers that matter."""
    fetched_at: datetime | None = None
    """When it was fetched first (UTC)."""
    body: bytes | None = None
    """Body, compressed with zlib; absent where it is kept in GridFS."""
    size: int | None = None
    """Length of the body in bytes, before compression."""
    stored_in: Literal["document", "gridfs"] = "document"
    """Where the body is: in this document or in the GridFS bucket `evidence_files`."""
    expires_at: datetime | None = None
    """When the database deletes it (UTC); empty: never."""


@dataclass(slots=True, kw_only=True)
class Observation:
    """What a run found out about a signal; written only when something happened."""

    _id: str
    """Signal and run, joined by a colon."""
    signal: str
    """Key of the signal."""
    run: str
    """Identifier of the run."""
    source: str
    """Identifier of the source."""
    at: datetime
    """When it was found (UTC)."""
    outcome: Literal["new", "changed", "relisted", "removed"]
    """What happened."""
    changes: dict[str, Any] | None = None
    """Changed fields, each with `old` and `new`; of long texts the SHA-256."""
    reason: str | None = None
    """Reason of a removal."""


@dataclass(slots=True, kw_only=True)
class RunDocument:
    """One crawl of one source."""

    _id: str
    """Identifier of the run; a resumed run keeps it."""
    source: str
    """Identifier of the source."""
    trigger: str | None = None
    """What started it: `manual`, `due`, `cluster` or `demo`."""
    owner: str | None = None
    """Who holds the lease of the source for it."""
    started_at: datetime
    """When it started first (UTC)."""
    heartbeat_at: datetime | None = None
    """Last sign of life (UTC)."""
    ended_at: datetime | None = None
    """When it ended (UTC)."""
    state: Literal["running", "done", "partial", "failed", "lost"]
    """State of the run."""
    host: str | None = None
    """Machine that runs it."""
    pid: int | None = None
    """Process that runs it."""
    resumed: int | None = None
    """How often it was taken up again after an interruption."""
    since: datetime | None = None
    """Only what changed after this was asked for (UTC, `--since`)."""
    limit: int | None = None
    """It was to stop after so many records (`--limit`)."""
    read: int | None = None
    """Records that the spider yielded. This and the figures below are sums over all legs of a resumed run, and of a
    run that was killed a lower bound."""
    counts: dict[str, Any] | None = None
    """Records per outcome."""
    issues: int | None = None
    """Problems recorded."""
    http: dict[str, Any] | None = None
    """Answers per class of HTTP status (`2xx`, `4xx`)."""
    bytes: int | None = None
    """Bytes received."""
    pages: int | None = None
    """Answers received."""
    seconds: float | None = None
    """How long it took."""
    extra: dict[str, Any] | None = None
    """Further figures of the protocol, such as the total that a listing states."""
    reason: str | None = None
    """Scrapy's reason for its end."""
    error: str | None = None
    """What ended it, where it failed."""
    code_version: str | None = None
    """Version of the software."""
    model_version: str | None = None
    """Version of the classifier's model."""
    config_hash: str | None = None
    """SHA-256 of the source file and of the settings that were replaced."""


@dataclass(slots=True, kw_only=True)
class IssueDocument:
    """A problem found during a run."""

    _id: str
    """Run and a hash of the problem, joined by a colon: a repeat writes nothing new."""
    run_id: str
    """Identifier of the run."""
    source: str
    """Identifier of the source."""
    at: datetime
    """When it was recorded (UTC)."""
    level: str
    """`warning` or `error`."""
    step: str
    """Where it was found."""
    code: str
    """Stable identifier in kebab case."""
    message: str
    """What was found and what was expected."""
    url: str | None = None
    """Address it concerns."""
    record: Any = None
    """The offending record, shortened where it is long."""


@dataclass(slots=True, kw_only=True)
class Label:
    """The decision of one annotator about one signal, in one reading of it.

    Which reading is stored as `pass`, as in a label file (1 the first; without it: the first). No field of a class
    can have that name in Python.
    """

    _id: str
    """Signal, annotator and pass, joined by colons."""
    signal: str
    """Key of the signal."""
    annotator: str
    """Pseudonym of the annotator."""
    grade: str | None = None
    """`core`, `adjacent` or `none`."""
    areas: list[str] | None = None
    """Areas."""
    trends: list[str] | None = None
    """Trends."""
    guide_version: str | None = None
    """Version of the annotation guide."""
    labelled_at: datetime | None = None
    """When it was decided (UTC)."""


@dataclass(slots=True, kw_only=True)
class Model:
    """A model of the classifier that has decided about signals."""

    _id: str
    """Version; `dsi.model` of a signal names it."""
    metrics: dict[str, Any] | None = None
    """Measures on sources held out, as its file states them."""
    thresholds: dict[str, Any] | None = None
    """From which scores it decides."""
    lexicon: str | None = None
    """Version of the word lists it was trained with."""
    training: dict[str, Any] | None = None
    """What it was trained on: numbers by grade, kind and language, SHA-256 of the data."""
    first_used_at: datetime | None = None
    """When it was first loaded to grade signals of this database (UTC)."""


@dataclass(slots=True, kw_only=True)
class SourceState:
    """What is remembered about a source between its runs."""

    _id: str
    """Identifier of the source."""
    last_run: str | None = None
    """Identifier of the last run."""
    last_run_at: datetime | None = None
    """When the last run started (UTC)."""
    last_success_at: datetime | None = None
    """When the last successful run started (UTC)."""
    checkpoint: datetime | None = None
    """Where a change stream goes on (UTC); a run with `--since` does not move it."""
    validators: dict[str, Any] | list[Any] | None = None
    """`etag` and `last_modified` of addresses, for conditional requests."""
    shrunk_runs: int | None = None
    """How many listings in a row lost implausibly many signals."""
    health: Any = None
    """Verdict about the last runs."""
    lease: dict[str, Any] | None = None
    """Who crawls it now: `owner`, `host`, `pid`, `expires_at`."""
