"""A hash table from keys to chains of record numbers, in flat arrays instead of millions of lists.

A dictionary of lists takes about 150 bytes for each key of each record; this takes 8 to 16 in the table and 8
in the chain. Open addressing with linear probing. The table is made of parts that double one by one when they
are 75 % full, so that no single record waits for the whole of it to be copied, and the copy takes little room.
Key and chain lie side by side in one word, so that a look-up leaves the processor's caches once, not twice.
Plain arrays, because single reads from numpy arrays cost ten times as much.
"""

from array import array

import numpy as np

__all__ = ["Buckets"]

PARTS = 64
START = 1 << 6
"""Slots of a part at first."""
FULL = 0.75
KEY_BITS = HEAD_BITS = 0xFFFFFFFF
HALF = 32
"""Bits by which the key is shifted in a slot."""
PART_SHIFT = 26
"""The upper 6 of 32 bits choose the part, the lower ones the slot in it."""


def _free(size: int) -> "array[int]":
    return array("Q", bytes(8 * size))


class Buckets:
    """Record numbers under keys, the newest first."""

    def __init__(self) -> None:
        self._parts = [_free(START) for _ in range(PARTS)]
        """Slots: the key, and the number of the newest entry under it, counted from 1; 0: free."""
        self._left = [int(FULL * START)] * PARTS
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
            slots = self._parts[key >> PART_SHIFT]
            mask = len(slots) - 1
            slot = key & mask
            while (entry := slots[slot]) and entry >> HALF != key:
                slot = (slot + 1) & mask
            head = entry & HEAD_BITS
            records.append(record)
            following.append(head)
            slots[slot] = key << HALF | len(records)
            if not head:
                part = key >> PART_SHIFT
                self._left[part] -= 1
                if not self._left[part]:
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
        entries = np.frombuffer(self._parts[part], np.uint64)
        size = 2 * len(entries)
        entries = entries[entries != 0]
        self._left[part] = int(FULL * size) - len(entries)
        self._parts[part] = _free(size)
        grown = np.frombuffer(self._parts[part], np.uint64)
        slots = (entries >> np.uint64(HALF)) & np.uint64(size - 1)
        while len(entries):
            _, first = np.unique(slots, return_index=True)
            winner = np.zeros(len(entries), bool)
            winner[first] = True
            winner &= grown[slots] == 0
            grown[slots[winner]] = entries[winner]
            entries = entries[~winner]
            slots = (slots[~winner] + np.uint64(1)) & np.uint64(size - 1)
