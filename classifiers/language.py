"""Measure the language of a text; what a source declares is often wrong."""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

__all__ = ["LANGUAGES", "measure"]

LANGUAGES = (
    # the 24 official languages of the European Union
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv "
    # neighbours and co-official languages that European sources publish in
    "ca eu gl is no sq sr uk tr"
).split()

_EXCERPT = 500  # characters: enough for certainty, and the cost grows with length
_MIN_LETTERS = 25
_MIN_CONFIDENCE = 0.55  # of the length-tempered posterior (`norm_probs`)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


def measure(text: str) -> str | None:
    """Identify the language of a text.

    Args:
        text: any text; only its first 500 characters are read.

    Returns:
        An ISO 639-1 code out of `LANGUAGES`, or None where the text has fewer than 25 letters or no
        language stands out.

    """
    excerpt = " ".join(text[: 4 * _EXCERPT].split())[:_EXCERPT]
    letters = sum(c.isalpha() for c in excerpt)
    if letters < _MIN_LETTERS:
        return None
    upper = sum(c.isupper() for c in excerpt)
    if upper > 0.6 * letters:
        excerpt = excerpt.lower()  # capitals look like another language to a byte model
    code, confidence = _identifier().classify(excerpt.encode("utf-8", "replace"))
    return str(code) if confidence >= _MIN_CONFIDENCE else None
