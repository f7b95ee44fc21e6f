"""Which sources a command is about."""

import difflib
from collections.abc import Collection, Iterable

from crawler.errors import UsageError
from crawler.sources import Source

__all__ = ["STATUSES", "select_sources"]

STATUSES = ("active", "paused", "retired")
"""All that a source may be."""
NEXT_STEP = {
    "paused": "look at it with `dsi sources probe`, settle the reason, then remove `status` from its file",
    "retired": "leave it, unless whoever publishes it agrees now",
}
"""What to do about a source that is not active."""


def select_sources(
    sources: dict[str, Source],
    ids: Iterable[str] = (),
    family: str | None = None,
    country: str | None = None,
    statuses: Collection[str] = ("active",),
) -> list[Source]:
    """Choose sources by identifier, or all active ones of a family and country.

    Args:
        sources: the registry.
        ids: identifiers; none: all active sources.
        family: only sources of this family.
        country: only sources of this country.
        statuses: what a source that is named may be.

    Raises:
        UsageError: an identifier is unknown (close matches are suggested), or its source has another status.
    """
    chosen = []
    for identifier in ids:
        if identifier not in sources:
            close = difflib.get_close_matches(identifier, sources, n=3)
            hint = f"; did you mean {', '.join(close)}?" if close else "; see `dsi sources list`"
            raise UsageError(f"unknown source {identifier!r}{hint}")
        source = sources[identifier]
        if source.status not in statuses:
            raise UsageError(
                f"source {identifier} is {source.status} ({source.status_reason}): it is listed, not crawled; "
                f"{NEXT_STEP[source.status]}"
            )
        chosen.append(source)
    pool = chosen or [source for source in sources.values() if source.status == "active"]
    return [
        source for source in pool if family in (None, source.family) and country in (None, source.country)
    ]
