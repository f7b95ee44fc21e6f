"""Why signals were linked: one byte for each, as there are few different reasons and many signals."""

__all__ = ["Reasons"]

NONE = 0
MOST = 255
"""Different reasons that one byte tells apart."""


class Reasons:
    """The best reason of each record number: "same" before "series", then the alphabet.

    So it does not depend on the order in which pairs are found.
    """

    def __init__(self) -> None:
        self._codes = bytearray()
        """Number -> place of its reason in `_known`."""
        self._known: list[tuple[bool, str]] = [(True, "")]
        """(is not "same", reason); the first stands for none."""
        self._places: dict[tuple[bool, str], int] = {}

    def add(self, number: int, kind: str, reason: str) -> None:
        """Note a reason; a better one that is known stays.

        Raises:
            OverflowError: more different reasons than one byte tells apart.
        """
        rank = (kind != "same", reason)
        place = self._places.get(rank)
        if place is None:
            place = self._places[rank] = len(self._known)
            if place > MOST:
                raise OverflowError(f"more than {MOST} different reasons: {reason!r}")
            self._known.append(rank)
        if number >= len(self._codes):
            self._codes.extend(bytes(number + 1 - len(self._codes)))
        known = self._codes[number]
        if known == NONE or rank < self._known[known]:
            self._codes[number] = place

    def best(self, number: int) -> str | None:
        """The best reason of a number; None where there is none."""
        code = self._codes[number] if number < len(self._codes) else NONE
        return self._known[code][1] if code != NONE else None
