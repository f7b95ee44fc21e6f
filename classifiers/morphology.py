"""How words change at their edges in single languages, so that a stem in a word list meets the text.

Irish changes the first letter of a word (lenition, eclipsis, h and t before vowels); Maltese glues the
article and some prepositions to the next word with a hyphen; several languages write compounds as one
word. All functions work on folded text.
"""

__all__ = ["COMPOUNDING", "irish_bases", "is_glued"]

COMPOUNDING = frozenset({"da", "de", "et", "fi", "hu", "nl", "no", "sv"})
"""Languages in which a stem may stand inside a longer word."""

_LENITED = frozenset("bcdfgmpst")
_ECLIPSED = {"mb": 1, "gc": 1, "nd": 1, "ng": 1, "bp": 1, "dt": 1, "bhf": 2, "ts": 1}
"""Start of a mutated word -> letters that the mutation put in front."""
_VOWELS = frozenset("aeiou")

_ARTICLE_ENDS = "lcdnrstxz"  # the article's l becomes the next letter when that is a "sun letter"
_ARTICLE_STARTS = (
    "i",
    "",
    "ta",
    "fi",
    "bi",
    "mi",
    "sa",
    "ma",
    "da",
    "di",
    "ghal",
    "bhal",
    "mil",
    "lil",
    "f",
    "b",
)
_GLUED = frozenset(start + end for start in _ARTICLE_STARTS for end in _ARTICLE_ENDS) | frozenset("bdfmstx")


def irish_bases(word: str) -> tuple[str, ...]:
    """Words that this Irish word may be a mutation of; empty where it shows none.

    >>> irish_bases("shonrai"), irish_bases("bpobal"), irish_bases("hoideachas")
    (('sonrai',), ('pobal',), ('oideachas',))
    """
    if len(word) < 4:
        return ()
    if word[1] == "h" and word[0] in _LENITED:
        lenited = word[0] + word[2:]
        return (lenited, word[2:]) if word.startswith("bhf") else (lenited,)
    for length in (2, 3):
        if word[:length] in _ECLIPSED:
            return (word[_ECLIPSED[word[:length]] :],)
    if word[0] in "htn" and word[1] in _VOWELS:
        return (word[1:],)
    return ()


def is_glued(token: str, next_character: str) -> bool:
    """Tell whether a Maltese token is an article or preposition glued to the word that follows it.

    >>> is_glued("il", "-"), is_glued("tal", "-"), is_glued("il", " ")
    (True, True, False)
    """
    return next_character in "-'" and next_character != "" and token in _GLUED
