"""Clusters and series that grow one signal at a time, independent of the order of arrival."""

import gc
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crawler.dedup.buckets import Buckets
from crawler.dedup.compare import unlike
from crawler.dedup.partition import Partition
from crawler.dedup.reasons import Reasons
from crawler.dedup.record import Record, similarities
from crawler.dedup.relation import OTHER_TITLE, TEMPLATE, opposed, relate
from crawler.dedup.sets import Sets

__all__ = ["ClusterIndex", "Link"]

PER_KEY, PER_BAND = 40, 8
"""Signals of one key that a new one is compared with, the newest first: of exact keys, of parts of a signature.

A template used ten thousand times would otherwise cost ten thousand comparisons for each further use. In
smaller families the order of arrival decides nothing.
"""
KEY_LENGTH = 17
"""A letter and 16 hexadecimal digits."""
FREEZE_EVERY = 10_000
"""Signals after which the garbage collector leaves alone what is in memory by then.

The index only grows and holds no cycles. Python's collector would walk through all of it again and again: at a
million signals a tenth of the time, and more per signal the more there are.
"""
STORED = 2.0
"""Strength of a link that the store knows: it comes before all similarities."""


@dataclass(slots=True, frozen=True)
class Link:
    """Where a signal belongs."""

    cluster: str
    canonical: str
    series: str | None
    reason: str | None

    def fields(self, key: str) -> dict[str, Any]:
        """What the item and the document of the signal with this key say of it."""
        return {
            "cluster_id": self.cluster, "cluster_reason": self.reason, "canonical": self.canonical == key,
            "series_id": self.series,
        }  # fmt: skip


class ClusterIndex:
    """Signals of one process with their links; what one more costs does not depend on their number."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._records: list[Record | None] = []
        self._numbers: dict[str, int] = {}
        self._buckets = Buckets()
        self._same = Partition(self._ids, self._opposed)
        self._series = Sets(self._ids)
        self._reasons = Reasons()

    def __contains__(self, key: object) -> bool:
        """Whether a signal was added."""
        number = self._numbers.get(key) if isinstance(key, str) else None
        return number is not None and self._records[number] is not None

    def _number(self, key: str) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._ids)
            self._ids.append(key)
            self._records.append(None)
        return number

    def _opposed(self, a: int, b: int) -> bool:
        first, second = self._records[a], self._records[b]
        return first is not None and second is not None and opposed(first, second)

    def add(
        self, record: Record, keys: Iterable[str], *, cluster: str | None = None, series: str | None = None
    ) -> set[str]:
        """Add a signal; a stored one brings its known cluster and series. A known id is left as it is.

        Returns:
            Ids of all signals whose links may have changed, the new one included.

        """
        if record.id in self:
            return set()
        number = self._number(record.id)
        self._records[number] = record
        if number % FREEZE_EVERY == FREEZE_EVERY - 1:
            gc.collect(1)  # what is garbage now must not be kept
            gc.freeze()
        changed, same = {number}, {}
        if cluster and cluster != record.id:
            same[self._number(cluster)] = STORED
        if series:
            changed.update(self._series.union(number, self._number(series)))
            changed.update(self._series.mark(number))
        strong, weak = self._candidates(list(keys), number)
        others = {n: r for n in (*strong, *weak) if (r := self._records[n]) is not None}
        alikes = similarities(record, [*others.values()]).tolist()
        for (against, other), alike in zip(others.items(), alikes, strict=True):
            if alike < TEMPLATE and against not in strong:
                continue
            shortcut = against not in strong and unlike(record, other)
            found = OTHER_TITLE if shortcut else relate(record, other, alike)
            if found.kind == "same":
                same.setdefault(against, alike)
            elif found.kind == "series":
                changed.update(self._series.union(number, against))
                changed.update(self._series.mark(number))
            if found.kind:
                changed.add(against)
                for key in (number, against):
                    self._reasons.add(key, found.kind, found.reason)
        if same:
            changed.update(self._same.join(number, same))
            for against in same:
                changed.update(self._series.union(number, against))
        return {self._ids[n] for n in changed}

    def _candidates(self, keys: list[str], number: int) -> tuple[set[int], set[int]]:
        """Numbers found under exact keys, and those found under bands of the signature only."""
        current = [
            key for key in keys if len(key) == KEY_LENGTH
        ]  # a store may hold those of an older version
        exact = [int(key[1:], 16) for key in current if key[0] != "b"]
        bands = [int(key[1:], 16) for key in current if key[0] == "b"]
        strong = self._buckets.add(exact, number, PER_KEY)
        weak = self._buckets.add(bands, number, PER_BAND)
        return strong, weak - strong

    def _first(self, number: int) -> tuple[str, str]:
        record = self._records[number]
        return ((record.date or "9999") if record else "9999~", self._ids[number])

    def link(self, key: str) -> Link:
        """Where a signal belongs now."""
        number = self._numbers.get(key)
        if number is None:
            return Link(key, key, None, None)
        series = self._series.name(number) if self._series.marked(number) else None
        canonical = self._ids[min(self._same.members(number), key=self._first)]
        return Link(self._same.name(number), canonical, series, self._reasons.best(number))
