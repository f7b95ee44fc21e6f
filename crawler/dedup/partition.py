"""Clusters inside groups of signals that are joined by `same` pairs, so that no cluster holds two that differ.

An advert that names only the country is the same as the one for Lyon and the same as the one for Lille, and
these two are not the same. Joining whatever a pair joins would merge them; here the best pairs are joined
first, and a join that would bring two opposed signals together is left out. The result depends on the signals
only, not on the order in which they came, in groups of up to `SETTLED` signals; a larger group is no longer
worked out anew with each further signal.
"""

from collections.abc import Callable

from crawler.dedup.sets import Sets

__all__ = ["Partition"]

SETTLED = 40
LOOKED_AT = 12
"""Members of a cluster that a newcomer to a large group is compared with."""


class Partition:
    """Clusters over record numbers; a number without a pair is a cluster of its own and takes no memory."""

    def __init__(self, names: list[str], opposed: Callable[[int, int], bool]) -> None:
        """Share the list of ids; `opposed` says whether two signals must not meet in one cluster."""
        self._names = names
        self._opposed = opposed
        self._groups = Sets(names)
        self._pairs: dict[int, dict[int, float]] = {}
        self._members: dict[int, list[int]] = {}
        self._answers: dict[tuple[int, int], bool] = {}

    def members(self, number: int) -> list[int]:
        """All members of the cluster of a number, the smallest id first."""
        return self._members.get(number, [number])

    def name(self, number: int) -> str:
        """Smallest id of the cluster."""
        return self._names[self.members(number)[0]]

    def join(self, number: int, others: dict[int, float]) -> set[int]:
        """Note that a signal is the same as others, each with a strength.

        Returns:
            All signals whose cluster may have changed.

        """
        changed = {number}
        for other, strength in others.items():
            self._pairs.setdefault(number, {})[other] = strength
            self._pairs.setdefault(other, {})[number] = strength
            self._groups.union(number, other)
        group = self._groups.group(number)
        if len(group) <= SETTLED:
            for member in group:
                self._members.pop(member, None)
            pairs = {(min(a, b), max(a, b)): s for a in group for b, s in self._pairs.get(a, {}).items()}
            changed.update(group)
        else:
            pairs = {(min(number, other), max(number, other)): s for other, s in others.items()}
        for a, b in sorted(
            pairs, key=lambda pair: (-pairs[pair], *sorted((self._names[pair[0]], self._names[pair[1]])))
        ):
            changed.update(self._merge(a, b))
        return changed

    def _merge(self, a: int, b: int) -> list[int]:
        first, second = self.members(a), self.members(b)
        if first is second or any(
            self._keep_apart(x, y) for x in first[:LOOKED_AT] for y in second[:LOOKED_AT]
        ):
            return []
        merged = sorted(first + second, key=self._names.__getitem__)
        for member in merged:
            self._members[member] = merged
        return merged

    def _keep_apart(self, a: int, b: int) -> bool:
        key = (min(a, b), max(a, b))
        if key not in self._answers:
            self._answers[key] = b not in self._pairs.get(a, {}) and self._opposed(a, b)
        return self._answers[key]
