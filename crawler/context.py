"""What one run of one source knows and counts; shared by spider, pipeline steps and ledger."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.items import Issue

__all__ = ["FIGURES", "OUTCOMES", "RunContext", "summed"]

OUTCOMES = ("new", "changed", "relisted", "unchanged", "duplicate", "removed", "rejected")
"""Every record that a spider yields ends in exactly one of these."""
FIGURES = ("read", "counts", "issues", "pages", "bytes", "http", "seconds")
"""What is counted over all legs of a run that was interrupted and taken up again."""


def summed(earlier: Mapping[str, Any], leg: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of a run: those of its earlier legs and of this one, numbers and tables of numbers, added up."""
    total = dict(leg)
    for name, before in earlier.items():
        now = leg.get(name)
        if isinstance(before, Mapping):
            total[name] = dict(Counter(before) + Counter(now or {}))
        else:
            total[name] = before + (now or 0)
    return total


@dataclass(slots=True, kw_only=True)
class RunContext:
    """State of one run. Written by spider and pipeline, read by the ledger when the spider closes."""

    run_id: str
    """Identifier of the run; a resumed run keeps it."""
    config_hash: str | None = None
    """Hash of the source file and the settings that shape the run."""
    since: datetime | None = None
    """The operator's `--since`: only what changed after this moment is asked for, where the protocol can."""
    limit: int | None = None
    """Stop after this many records."""
    dry_run: bool = False
    """Nothing is written; items go to standard output."""
    done: frozenset[str] = frozenset()
    """Canonical addresses already stored under this run id: skipped when an interrupted run resumes."""
    validators: dict[str, dict[str, str]] = field(default_factory=dict)
    """Address -> `etag` and `last_modified` of the last answer, for conditional requests."""
    checkpoint: datetime | None = None
    """Where a change stream goes on: before the run the end of the last one, then set by the spider. Stored when the
    run ends well, unless `since` or `limit` narrowed it: what lies before would never be asked for."""
    complete: bool = False
    """The listing was read to its true end: absence may be counted."""
    gone: bool = False
    """The listing itself answered 404 or 410: everything it held is absent, though the run failed."""
    not_modified: bool = False
    """The source answered that nothing changed (304)."""
    read: int = 0
    """Records that the spider yielded in this leg of the run."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """How many records of this leg ended in which of `OUTCOMES`."""
    earlier: dict[str, Any] = field(default_factory=dict)
    """`FIGURES` of the earlier legs of a resumed run; the ledger adds those of this leg."""
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
