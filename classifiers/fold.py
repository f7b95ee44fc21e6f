"""One shared text fold, so that a pattern and a text meet in the same letters.

scikit-learn's `strip_accents="unicode"` leaves ł, đ, ħ, ø and ß untouched, which silently loses
Polish, Croatian, Maltese, Danish and German terms; the table below maps them by hand.
"""

import re
import unicodedata

__all__ = ["fold", "fold_with_offsets"]

_TABLE = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
        "ς": "σ",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "‐": "-",
        "‑": "-",
        "–": "-",
        "\u00ad": "",  # soft hyphen: splits words that the reader sees whole
        "\u200b": "",
    }
)


class _Letters(dict[int, str]):
    """Code point -> folded letters, filled on demand: `str.translate` is several times faster than a loop."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = self[code] = "" if unicodedata.combining(character) else fold(character)
        return folded


_LETTERS = _Letters()


def fold(text: str) -> str:
    """Lower-case, compatibility-normalise and strip marks.

    Args:
        text: any text; lone surrogates and control characters are kept as they are.

    Returns:
        The folded text. Its length may differ from the input's; use `fold_with_offsets` to point back.

    """
    if text.isascii():
        return text.lower()
    mapped = unicodedata.normalize("NFKC", text).lower().translate(_TABLE)
    if mapped.isascii():
        return mapped
    decomposed = unicodedata.normalize("NFD", mapped)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_TABLE)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Fold a text and remember where each folded character came from.

    Characters are folded one at a time, so a letter and its separate combining mark fold alike to the
    composed letter.

    Args:
        text: any text.

    Returns:
        The folded text and, for each of its characters, the index in `text`; one more entry at the
        end holds `len(text)`, so that a match `[a, b)` comes from `text[offsets[a]:offsets[b]]`.

    """
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    folded = text.translate(_LETTERS)
    uneven = "".join(character for character in set(text) if len(_LETTERS[ord(character)]) != 1)
    offsets: list[int] = []
    start = 0
    for match in re.finditer(f"[{re.escape(uneven)}]", text) if uneven else ():
        place = match.start()
        offsets.extend(range(start, place))
        offsets.extend([place] * len(_LETTERS[ord(match.group())]))
        start = place + 1
    offsets.extend(range(start, len(text) + 1))
    return folded, offsets
