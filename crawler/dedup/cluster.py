"""Clusters and series that grow one signal at a time, independent of the order of arrival."""

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.dedup.relation import Record, relate

__all__ = ["ClusterIndex", "Link"]


@dataclass(slots=True, frozen=True)
class Link:
    """Where a signal belongs."""

    cluster: str
    canonical: str
    series: str | None
    reason: str | None


class Sets:
    """Disjoint sets named by their smallest member (union by size, path halving)."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}
        self.members: dict[str, list[str]] = {}
        self.smallest: dict[str, str] = {}

    def find(self, key: str) -> str:
        """Root of the set of a key."""
        parent = self.parent
        while parent.get(key, key) != key:
            parent[key] = parent.get(parent[key], parent[key])
            key = parent[key]
        return key

    def group(self, key: str) -> list[str]:
        """All members of the set of a key."""
        return self.members.get(self.find(key), [key])

    def name(self, key: str) -> str:
        """Smallest member."""
        root = self.find(key)
        return self.smallest.get(root, root)

    def union(self, a: str, b: str) -> None:
        """Join two sets."""
        left, right = self.find(a), self.find(b)
        if left == right:
            return
        if len(self.group(left)) < len(self.group(right)):
            left, right = right, left
        name = min(self.name(left), self.name(right))
        self.members[left] = self.group(left) + self.group(right)
        self.members.pop(right, None)
        self.smallest.pop(right, None)
        self.parent[right] = left
        self.smallest[left] = name


class ClusterIndex:
    """Signals of one process with their links. Memory grows linearly with the number of signals."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self._buckets: dict[str, list[str]] = {}
        self._same, self._series = Sets(), Sets()
        self._reasons: dict[str, str] = {}
        self._in_series: set[str] = set()

    def add(
        self, record: Record, keys: Iterable[str], *, cluster: str | None = None, series: str | None = None
    ) -> set[str]:
        """Add a signal; a stored one brings its known cluster and series. A known id is left as it is.

        Returns:
            Ids of all signals whose links may have changed, the new one included.

        """
        if record.id in self.records:
            return set()
        self.records[record.id] = record
        if cluster and cluster != record.id:
            self._same.union(record.id, cluster)
            self._series.union(record.id, cluster)
        if series:
            self._in_series |= {record.id, series}
            self._series.union(record.id, series)
        candidates: set[str] = set()
        for key in keys:
            bucket = self._buckets.setdefault(key, [])
            candidates.update(bucket)
            bucket.append(record.id)
        for other in candidates:
            found = relate(record, self.records[other])
            if found.kind == "same":
                self._same.union(record.id, other)
                self._note(record.id, other, found.reason)
            elif found.kind == "series":
                self._in_series |= {record.id, other}
                self._note(record.id, other, found.reason, weak=True)
            if found.kind:
                self._series.union(record.id, other)
        return set(self._series.group(record.id)) | set(self._same.group(record.id))

    def _note(self, a: str, b: str, reason: str, *, weak: bool = False) -> None:
        rank = (
            f"{int(weak)}{reason}"  # the smallest reason wins, "same" before "series": independent of order
        )
        for key in (a, b):
            self._reasons[key] = min(self._reasons.get(key, "~"), rank)

    def link(self, key: str) -> Link:
        """Where a signal belongs now."""
        members = [m for m in self._same.group(key) if m in self.records] or [key]
        canonical = min(
            members, key=lambda m: (self.records[m].date or "9999", m) if m in self.records else ("9999", m)
        )
        group = self._series.group(key)
        series = self._series.name(key) if not self._in_series.isdisjoint(group) else None
        reason = self._reasons.get(key)
        return Link(self._same.name(key), canonical, series, reason[1:] if reason else None)
