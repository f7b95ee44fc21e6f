"""Folded words of a text, fast: adverts repeat their words, so each written form is folded once."""

import re
from itertools import chain

from classifiers.fold import fold

__all__ = ["words"]

WORD = re.compile(r"\w+")
CACHE_SIZE = 100_000
"""Written forms kept; about 20 MB. The cache is emptied when full: the frequent forms are back at once."""
LONGEST = 40
"""Longer runs of characters (addresses, keys) hardly repeat and are not kept."""


class _Forms(dict[str, tuple[str, ...]]):
    """Written form -> its words; worked out on the first look."""

    def __missing__(self, form: str) -> tuple[str, ...]:
        found = tuple(WORD.findall(fold(form).replace("_", " ")))
        if len(form) <= LONGEST:
            if len(self) >= CACHE_SIZE:
                self.clear()
            self[form] = found
        return found


_look_up = _Forms().__getitem__


def words(text: str) -> list[str]:
    """Folded words of a text, without punctuation and Markdown marks."""
    if text.isascii():  # nothing to fold but the case
        return WORD.findall(text.lower().replace("_", " "))
    return list(chain.from_iterable(map(_look_up, text.split())))
