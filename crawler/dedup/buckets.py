"""A hash table from keys to chains of record numbers, in four flat arrays instead of millions of lists.

A dictionary of lists takes about 150 bytes for each key of each record; this takes 8 to 16 in the table and 8
in the chain. Open addressing with linear probing; the table doubles when it is 75 % full. Plain arrays,
because single reads from numpy arrays cost ten times as much.
"""

from array import array

import numpy as np

__all__ = ["Buckets"]

START = 1 << 12
FULL = 0.75
KEY_BITS = 0xFFFFFFFF


def _zeros(size: int) -> "array[int]":
    return array("I", bytes(4 * size))


class Buckets:
    """Record numbers under keys, the newest first."""

    def __init__(self) -> None:
        self._keys = _zeros(START)
        self._heads = _zeros(START)
        """Number of the newest entry under a key, counted from 1; 0: the slot is free."""
        self._used = 0
        self._records = array("I")
        self._next = array("I")

    def add(self, keys: list[int], record: int, limit: int) -> set[int]:
        """Put a record under its keys.

        Args:
            keys: hashes; 32 bits of each are used. That two keys share them brings a needless candidate once
                in two hundred times at 20 million keys, and never loses one.
            record: number of the record, below 2^32.
            limit: how many earlier records of one key are answered at most, the newest first.

        Returns:
            Records that were under any of the keys before.

        """
        if self._used + len(keys) > FULL * len(self._heads):
            self._grow()
        table, heads, mask = self._keys, self._heads, len(self._heads) - 1
        records, following = self._records, self._next
        found: set[int] = set()
        for wide in keys:
            key = wide & KEY_BITS
            slot = key & mask
            while (head := heads[slot]) and table[slot] != key:
                slot = (slot + 1) & mask
            if not head:
                table[slot] = key
                self._used += 1
            records.append(record)
            following.append(head)
            heads[slot] = len(records)
            left = limit
            while head and left:
                found.add(records[head - 1])
                head = following[head - 1]
                left -= 1
        found.discard(record)
        return found

    def _grow(self) -> None:
        """Double the table: of the keys that want one free slot the first gets it, the others move on."""
        old_keys, old_heads = np.array(self._keys, np.uint32), np.array(self._heads, np.uint32)
        full = np.flatnonzero(old_heads)
        keys, heads = old_keys[full], old_heads[full]
        size = 2 * len(self._heads)
        del old_keys, old_heads
        self._keys, self._heads = _zeros(size), _zeros(size)
        new_keys, new_heads = np.frombuffer(self._keys, np.uint32), np.frombuffer(self._heads, np.uint32)
        slots = keys & np.uint32(size - 1)
        while len(keys):
            _, first = np.unique(slots, return_index=True)
            winner = np.zeros(len(keys), bool)
            winner[first] = True
            winner &= new_heads[slots] == 0
            new_keys[slots[winner]], new_heads[slots[winner]] = keys[winner], heads[winner]
            rest = ~winner
            keys, heads = keys[rest], heads[rest]
            slots = (slots[rest] + np.uint32(1)) & np.uint32(size - 1)
