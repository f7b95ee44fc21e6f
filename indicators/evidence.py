"""The signals behind the numbers of the page: a bounded choice that reaches as many numbers as it can."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pymongo.database import Database

from indicators.expressions import EVENT
from storage.errors import reported

__all__ = ["MAX_SIGNALS", "choose", "relevant", "titles"]

Row = dict[str, Any]
MAX_SIGNALS = 1500
"""Signals on the page; every one is in the database and reached by `dsi items`."""
MAX_READ = 200_000
"""Latest signals among which is chosen."""
TITLE_LENGTH = 160
"""Characters of a title that are shown."""


def relevant(db: Database[Row]) -> list[Row]:
    """Read core and adjacent signals, the latest first.

    Returns:
        rows with `id`, `title`, `url`, `source`, `date`, `kind`, `place`, `grade`, `areas`, `trends`,
        `technologies` and `organisation`.

    Raises:
        StorageError: the database cannot be read.

    """
    stages: list[Row] = [
        {"$match": {"dsi.grade": {"$in": ["core", "adjacent"]}, "canonical": {"$ne": False}}},
        {"$project": {
            "title": 1, "url": 1, "source": 1, "kind": 1, "dsi.grade": 1, "dsi.areas": 1, "dsi.trends": 1,
            "dsi.technologies": 1, "place.country": 1, "organisation.name": 1, "forgotten_at": 1, "when": EVENT,
        }},
        {"$sort": {"when": -1, "_id": 1}},
        {"$limit": MAX_READ},
    ]  # fmt: skip
    with reported("read the signals behind the numbers"):
        return [_shown(signal) for signal in db.signals.aggregate(stages, allowDiskUse=True)]


def titles(db: Database[Row], keys: Iterable[str]) -> dict[str, Row]:
    """Read single signals by key: `title`, `url`, `source`, `date`."""
    fields = ("title", "url", "source", "kind", "published_at", "first_seen", "forgotten_at")
    with reported("read the signals behind the network"):
        found = db.signals.find({"_id": {"$in": sorted(set(keys))}}, dict.fromkeys(fields, 1))
        return {str(signal["_id"]): _shown(signal) for signal in found}


def choose(signals: list[Row], most: int = MAX_SIGNALS) -> list[Row]:
    """Choose signals so that many numbers have evidence; the order is kept.

    First every signal that is the latest of some (kind, place, month), (place, label) or (kind, label) is
    taken, then the latest ones until there are enough.
    """
    reached: set[tuple[str, ...]] = set()
    first: list[int] = []
    rest: list[int] = []
    for at, signal in enumerate(signals):
        facets = set(_facets(signal))
        (first if facets - reached else rest).append(at)
        reached |= facets
    return [signals[at] for at in sorted([*first, *rest][:most])]


def _facets(signal: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    grade, kind, place = signal["grade"], signal["kind"], signal["place"]
    yield grade, kind, place, signal["date"][:7]
    for name in ("areas", "trends", "technologies"):
        for label in signal[name]:
            yield grade, kind, name, label
            yield grade, place, name, label
            yield grade, name, label, signal["date"][:4]
    for area in signal["areas"]:
        for technology in signal["technologies"]:
            yield grade, "pair", area, technology


def _shown(signal: Mapping[str, Any]) -> Row:
    dsi = signal.get("dsi") or {}
    when = signal.get("when") or signal.get("published_at") or signal.get("first_seen")
    # The page of what was forgotten is gone: its address is evidence of nothing.
    url = None if signal.get("forgotten_at") else _web(signal.get("url"))
    title = " ".join((signal.get("title") or "(no title)").split())
    return {
        "id": str(signal["_id"]),
        "title": title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…",
        "url": url, "source": signal.get("source") or "",
        "date": f"{when:%Y-%m-%d}" if when else "", "kind": signal.get("kind") or "",
        "place": (signal.get("place") or {}).get("country") or "ZZ", "grade": dsi.get("grade") or "none",
        "organisation": (signal.get("organisation") or {}).get("name") or "",
        **{name: _names(dsi.get(name)) for name in ("areas", "trends", "technologies")},
    }  # fmt: skip


def _names(labels: Any) -> list[str]:
    found = [label.get("name") if isinstance(label, dict) else label for label in labels or []]
    return [str(name) for name in dict.fromkeys(found) if name]


def _web(url: Any) -> str | None:
    # Addresses come from the crawled web: only these two schemes cannot run anything on the page.
    text = str(url or "")
    return text if text.lower().startswith(("http://", "https://")) else None
