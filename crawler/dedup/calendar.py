"""Names of months in the languages of the EU, as folded words."""

from functools import cache

from babel import Locale

from classifiers.fold import fold

__all__ = ["month_numbers"]

LANGUAGES = [
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
]
"""The 24 official languages (Regulation No 1 of 1958, as amended)."""


@cache
def month_numbers() -> dict[str, int]:
    """Folded month name -> number; a name that means two months (listopad: 10 and 11) is left out.

    Names come from the Unicode CLDR through babel. Words that differ only as ambiguous months still count
    as differing title words, so leaving them out loses no caution.
    """
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        months = Locale(language).months
        for form in ("format", "stand-alone"):
            for number, name in months[form]["wide"].items():
                found.setdefault(fold(name).strip("."), set()).add(number)
    return {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}
