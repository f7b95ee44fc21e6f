"""A hash table from keys to chains of record numbers, in flat arrays instead of millions of lists.

A dictionary of lists takes about 150 bytes for each key of each record; this takes 8 to 16 in the table and 8
in the chain. Open addressing with linear probing. The table is made of parts that double one by one when they
are 75 % full, so that no single record waits for the whole of it to be copied, and the copy takes little room.
Plain arrays, because single reads from numpy arrays cost ten times as much.
"""

from array import array

import numpy as np

__all__ = ["Buckets"]

PARTS = 64
START = 1 << 6
"""Slots of a part at first."""
FULL = 0.75
KEY_BITS = 0xFFFFFFFF
PART_SHIFT = 26
"""The upper 6 of 32 bits choose the part, the lower ones the slot in it."""


def _zeros(size: int) -> "array[int]":
    return array("I", bytes(4 * size))


class Buckets:
    """Record numbers under keys, the newest first."""

    def __init__(self) -> None:
        self._keys = [_zeros(START) for _ in range(PARTS)]
        self._heads = [_zeros(START) for _ in range(PARTS)]
        """Number of the newest entry under a key, counted from 1; 0: the slot is free."""
        self._free = [int(FULL * START)] * PARTS
        """Keys that a part takes before it doubles."""
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
        records, following = self._records, self._next
        found: set[int] = set()
        for wide in keys:
            key = wide & KEY_BITS
            part = key >> PART_SHIFT
            table, heads = self._keys[part], self._heads[part]
            mask = len(heads) - 1
            slot = key & mask
            while (head := heads[slot]) and table[slot] != key:
                slot = (slot + 1) & mask
            records.append(record)
            following.append(head)
            heads[slot] = len(records)
            if not head:
                table[slot] = key
                self._free[part] -= 1
                if not self._free[part]:
                    self._grow(part)
                continue
            left = limit
            while head and left:
                found.add(records[head - 1])
                head = following[head - 1]
                left -= 1
        found.discard(record)
        return found

    def _grow(self, part: int) -> None:
        """Double a part: of the keys that want one free slot the first gets it, the others move on."""
        full = np.flatnonzero(np.frombuffer(self._heads[part], np.uint32))
        keys = np.frombuffer(self._keys[part], np.uint32)[full]
        heads = np.frombuffer(self._heads[part], np.uint32)[full]
        size = 2 * len(self._heads[part])
        self._free[part] = int(FULL * size) - len(keys)
        self._keys[part], self._heads[part] = _zeros(size), _zeros(size)
        new_keys = np.frombuffer(self._keys[part], np.uint32)
        new_heads = np.frombuffer(self._heads[part], np.uint32)
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
