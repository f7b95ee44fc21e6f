"""Names of months and of languages in the languages of the EU, as folded words."""

from functools import cache, lru_cache

from babel import Locale

from classifiers.fold import fold
from crawler.normalise.places import country_code

__all__ = ["language_code", "month_numbers"]

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


STEM = 6
"""Letters that inflected names of a language share: niemiecki, niemieckim, niemieckiego."""
SPOKEN = [*LANGUAGES, "nb", "no", "is", "ru", "uk", "tr", "he", "ar", "ja", "zh", "ko", "ca", "eu", "sr"]


@cache
def _language_names() -> tuple[dict[str, str], dict[str, str]]:
    """Folded name of a language -> code, and its first letters -> code where they mean one language only."""
    names: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    for language in LANGUAGES:
        spelled = Locale(language).languages
        for code in SPOKEN:
            name = fold(spelled.get(code, ""))
            if name and " " not in name:
                names.setdefault(name, set()).add(code)
                if len(name) >= STEM:
                    stems.setdefault(name[:STEM], set()).add(code)
    single = (
        {key: next(iter(codes)) for key, codes in table.items() if len(codes) == 1}
        for table in (names, stems)
    )
    return next(single), next(single)


@lru_cache(maxsize=8192)
def language_code(word: str) -> str | None:
    """The language that a folded word names, in any inflection; None for a country or another word."""
    names, stems = _language_names()
    code = names.get(word) or (stems.get(word[:STEM]) if len(word) >= STEM else None)
    return code if code and country_code(word) is None else None
