"""Measure the language of a text; what a source declares is often wrong."""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

__all__ = ["LANGUAGES", "measure", "plausible"]

LANGUAGES = (
    # the 24 official languages of the European Union
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv "
    # neighbours and co-official languages that European sources publish in
    "ca eu gl is no sq sr uk tr"
).split()

_EXCERPT = 350  # characters: 250 measure as well as 500, and the cost grows with length
_LONG = 2_000  # characters from which the middle is measured too
_DOUBT = 0.15  # share of the posterior from which a second language is read along
_MIN_LETTERS = 25
_MIN_CONFIDENCE = 0.55  # of the length-tempered posterior (`norm_probs`)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


def _excerpt(text: str, start: int) -> str | None:
    """Some hundred characters to measure, or None where there are too few letters."""
    excerpt = " ".join(text[start : start + 2 * _EXCERPT].split())[:_EXCERPT]
    letters = sum(map(str.isalpha, excerpt))
    if letters < _MIN_LETTERS:
        return None
    upper = sum(map(str.isupper, excerpt))
    # Capitals look like another language to a byte model.
    return excerpt.lower() if upper > 0.6 * letters else excerpt


def measure(text: str) -> str | None:
    """Identify the language of a text.

    Args:
        text: any text; only its beginning is read.

    Returns:
        An ISO 639-1 code out of `LANGUAGES`, or None where the text has fewer than 25 letters or no
        language stands out.

    """
    excerpt = _excerpt(text, 0)
    if excerpt is None:
        return None
    code, confidence = _identifier().classify(excerpt.encode("utf-8", "replace"))
    return str(code) if confidence >= _MIN_CONFIDENCE else None


def plausible(text: str, declared: str | None = None) -> tuple[str | None, tuple[str, ...]]:
    """Measure a text and name all languages that it should be read in.

    Args:
        text: any text; a long one is measured at its start and once more in the middle, because an
            English frame around another language is common.
        declared: what the source says; added where nothing can be measured.

    Returns:
        The measured language (as `measure`), and the languages to read it in: several where the text is
        mixed or the measurement is in doubt, none where nothing is known.

    """
    measured: str | None = None
    found: dict[str, None] = {}
    for start in (0, len(text) // 2) if len(text) > _LONG else (0,):
        excerpt = _excerpt(text, start)
        if excerpt is None:
            continue
        ranked = _identifier().rank(excerpt.encode("utf-8", "replace"))
        if start == 0 and ranked[0][1] >= _MIN_CONFIDENCE:
            measured = str(ranked[0][0])
        found.update({str(code): None for code, share in ranked[:3] if share >= _DOUBT})
    if measured is None and declared:
        found = {declared.lower()[:2]: None, **found}
    return measured, tuple(found)
