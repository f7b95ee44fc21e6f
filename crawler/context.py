"""What one run of one source knows and counts; shared by spider, pipeline steps and ledger."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.items import Issue

__all__ = ["OUTCOMES", "RunContext"]

OUTCOMES = ("new", "changed", "unchanged", "duplicate", "relisted", "removed", "rejected")
"""Every record that a spider yields ends in exactly one of these."""


@dataclass(slots=True, kw_only=True)
class RunContext:
    """State of one run. Written by spider and pipeline, read by the ledger when the spider closes."""

    run_id: str
    """Identifier of the run; a resumed run keeps it."""
    since: datetime | None = None
    """Only what changed after this moment is asked for, where the protocol can."""
    limit: int | None = None
    """Stop after this many records."""
    dry_run: bool = False
    """Nothing is written; items go to standard output."""
    done: frozenset[str] = frozenset()
    """Canonical addresses already stored under this run id: skipped when an interrupted run resumes."""
    validators: dict[str, dict[str, str]] = field(default_factory=dict)
    """Address -> `etag` and `last_modified` of the last answer, for conditional requests."""
    checkpoint: datetime | None = None
    """Where the next incremental run starts; set by the spider, stored when the run ends well."""
    complete: bool = False
    """The listing was read to its true end: absence may be counted."""
    gone: bool = False
    """The listing itself answered 404 or 410: everything it held is absent, though the run failed."""
    not_modified: bool = False
    """The source answered that nothing changed (304)."""
    read: int = 0
    """Records that the spider yielded."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """How many records ended in which of `OUTCOMES`."""
    issues: list[Issue] = field(default_factory=list)
    """Problems found so far and not yet written."""
    filled: Counter[str] = field(default_factory=Counter)
    """How many records had a field, for the assertions of the source."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Further figures for the run record (stated total, pages)."""

    def issue(
        self, level: str, step: str, code: str, message: str, url: str | None = None, record: Any = None
    ) -> None:
        """Record a problem."""
        self.issues.append(Issue(level=level, step=step, code=code, message=message, url=url, record=record))
