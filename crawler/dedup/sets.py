"""Disjoint sets of record numbers, each named by its smallest member's id."""

from array import array

__all__ = ["Sets"]


class Sets:
    """Sets over 0, 1, 2, ...; a number that was never joined is a set of its own.

    What stands above a number is kept in a flat array: a look-up in a dictionary of a million numbers leaves the
    processor's caches three times, and `find` is called a dozen times for each signal.
    """

    def __init__(self, names: list[str]) -> None:
        """Share the list of ids: number -> id."""
        self._names = names
        self._parent = array("I")
        self._members: dict[int, list[int]] = {}
        self._smallest: dict[int, int] = {}
        self._marked: set[int] = set()

    def find(self, number: int) -> int:
        """Root of the set of a number (path halving)."""
        parent = self._parent
        if number >= len(parent):
            return number
        while (above := parent[number]) != number:
            parent[number] = number = parent[above]
        return number

    def group(self, number: int) -> list[int]:
        """All members of the set of a number."""
        return self._members.get(self.find(number), [number])

    def name(self, number: int) -> str:
        """Smallest id of the set."""
        root = self.find(number)
        return self._names[self._smallest.get(root, root)]

    def marked(self, number: int) -> bool:
        """Whether `mark` was called for any member."""
        return self.find(number) in self._marked

    def mark(self, number: int) -> list[int]:
        """Mark a set. Returns: its members if it was not marked before."""
        root = self.find(number)
        if root in self._marked:
            return []
        self._marked.add(root)
        return self.group(root)

    def union(self, a: int, b: int) -> list[int]:
        """Join two sets. Returns: members whose set changed its name or became marked."""
        left, right = self.find(a), self.find(b)
        if left == right:
            return []
        self._parent.extend(range(len(self._parent), max(left, right) + 1))
        first, second = self.group(left), self.group(right)
        marked = (left in self._marked, right in self._marked)
        small_left, small_right = self._smallest.get(left, left), self._smallest.get(right, right)
        keeps = self._names[small_left] <= self._names[small_right]
        changed = list(second if keeps else first)
        if any(marked) and not all(marked) and (marked[0] != keeps):
            changed = first + second
        if len(first) < len(second):
            left, right, first, second = right, left, second, first
        if left not in self._members:
            self._members[left] = first = [left]
        first.extend(second)
        self._members.pop(right, None)
        self._smallest.pop(right, None)
        self._parent[right] = left
        self._smallest[left] = small_left if keeps else small_right
        if any(marked):
            self._marked.discard(right)
            self._marked.add(left)
        return changed
