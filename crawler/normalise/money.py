"""Sums as sources write them -> amount, range, currency; and their value in euro.

Formats seen in real sources: `15 215,41 €` (U+00A0 or U+202F), `€50,000`, `30.000 EUR`, `5 Mio. Euro`,
`2 miljoner kr`, `188.65 Million Euros`.
"""

import csv
import io
import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from crawler.parts import Money

__all__ = ["in_euro", "parse_money"]

MAX_LENGTH = 300
MAX_AMOUNT = 1e14
"""Larger sums are typing errors."""
STALE_YEARS = 2
"""A year without a rate takes the last one at most this many years older; `fx_date` says which."""
CURRENCIES = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "eura": "EUR", "eur.": "EUR", "ευρώ": "EUR",
    "евро": "EUR", "eurot": "EUR", "euroa": "EUR", "eiro": "EUR", "eurų": "EUR", "evrov": "EUR", "euró": "EUR",
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "us$": "USD", "$": "USD", "usd": "USD", "dollars": "USD",
    "chf": "CHF", "fr.": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "isk": "ISK", "pln": "PLN", "zł": "PLN",
    "zl": "PLN", "czk": "CZK", "kč": "CZK", "huf": "HUF", "ft": "HUF", "forint": "HUF", "ron": "RON", "lei": "RON",
    "bgn": "BGN", "лв": "BGN", "лева": "BGN", "hrk": "HRK", "kn": "HRK", "kuna": "HRK", "ltl": "LTL", "lvl": "LVL",
    "eek": "EEK", "skk": "SKK",
}  # fmt: skip
CROWNS = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK"}
"""`kr` means the crown of the country; without one only the spelling of the word "million" can tell."""
MULTIPLIERS = (
    (1e9, r"mrd|milliard\w*|miliard\w*|miljard\w*|mld|billion\w*|bn|млрд"),
    (
        1e6,
        r"mio|mill?ion\w*|mill|miljo\w*|milj|milj[oó]n\w*|mili[oó]\w*|mln|mil\.\s|m(?=\b)|млн|милион\w*|εκατ\w*",
    ),
    (1e3, r"k|tsd|tausend|tis|tys|thousand|tusen|mille|хил|χιλ\w*"),
)
NUMBER = r"\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3}(?!\d))+(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)*"
SUM = re.compile(
    rf"(?<!\d[eE])(?<![\d.,])(?P<number>{NUMBER})(?![eE]\d)(?:[,.]-)?\s*(?:"
    + "|".join(f"(?P<m{index}>{words})(?![^\\W\\d_])\\.?" for index, (_, words) in enumerate(MULTIPLIERS))
    + ")?",
    re.IGNORECASE,
)
RANGE = re.compile(
    r"^\s*[A-Za-zł€£$.]{0,5}(?:\s*[-–—]\s*|\s*\b(?:to|bis|à|al?|do|until|till|tot|og|och|and|und|et|e|y|i|και|до)\s+)"
    r"[A-Za-z€£$.]{0,5}\s*$",
    re.IGNORECASE,
)
WORD = re.compile(r"us\$|[€£$]|[^\W\d_]+\.?", re.IGNORECASE)
UNITS = (
    ("HOUR", r"per hour|an hour|/ ?h\b|/ ?hour|hourly|pro stunde|par heure|per uur|por hora|all'ora|/ ?std"),
    ("DAY", r"per day|/ ?day|daily|pro tag|par jour|per dag"),
    ("WEEK", r"per week|/ ?week|weekly|pro woche|par semaine"),
    (
        "MONTH",
        r"per month|/ ?month|monthly|pro monat|par mois|per maand|al mes|al mese|miesięcznie|/ ?mies|/ ?mån|/ ?hó",
    ),
    (
        "YEAR",
        r"per year|per annum|p\.? ?a\.?\b|/ ?year|yearly|annually|pro jahr|par an\b|per jaar|al año|all'anno|/ ?yr",
    ),
)


def parse_money(raw: object, country: str | None = None) -> Money | None:
    """Read a sum or a range.

    Args:
        raw: text as the source writes it, or a number.
        country: ISO 3166-1 code, decides what `kr` means.

    Returns:
        Money with `raw`, `amount`, for a range `amount_max`, `currency` where stated and `unit` where a
        period is named; None where there is no sum, or several that are not a range.
    """
    text = str(raw if raw is not None else "")[:MAX_LENGTH]
    found = list(SUM.finditer(text))
    if not found:
        return None
    currency = _currency(text, country)
    is_range = len(found) == 2 and RANGE.match(text[found[0].end() : found[1].start()])
    if len(found) > 1 and not is_range:
        marked = [match for match in found if _beside_currency(text, match, country)]
        if len(marked) != 1:
            return None  # several sums: which one is meant cannot be told
        found = marked
    scales = [_multiplier(match) for match in found]
    if (
        len(scales) == 2
        and scales[0] == 1
        and scales[1] > 1
        and _number(found[0]["number"], scales[1]) < 1000
    ):
        scales[0] = scales[1]  # "2-5 million": the word belongs to both ends
    amounts = [_number(match["number"], scale) * scale for match, scale in zip(found, scales, strict=True)]
    if any(amount > MAX_AMOUNT for amount in amounts):
        return None
    unit = next((name for name, words in UNITS if re.search(words, text, re.IGNORECASE)), None)
    low, high = min(amounts), max(amounts)
    return Money(
        raw=text.strip(),
        amount=low,
        amount_max=high if len(amounts) == 2 else None,
        currency=currency,
        unit=unit,
    )


def _multiplier(match: re.Match[str]) -> float:
    return next((scale for index, (scale, _) in enumerate(MULTIPLIERS) if match[f"m{index}"]), 1.0)


def _number(text: str, scale: float) -> float:
    """Read digits with separators: the last of two kinds is decimal; one kind before three digits groups."""
    text = re.sub(r"[ \u00a0\u202f\u2009'’]", "", text)
    commas, dots = text.count(","), text.count(".")
    if commas and dots:
        decimal = max(text.rfind(","), text.rfind("."))
        if (commas if text[decimal] == "," else dots) > 1:
            decimal = len(text)
    elif commas + dots == 1:
        decimal = max(text.find(","), text.find("."))
        # "30.000" groups; "0.500", "1.5" and "1.234 Mio." have a decimal sign
        if len(text) - decimal == 4 and text[:decimal] != "0" and decimal <= 3 and scale < 1e6:
            decimal = len(text)
    else:
        decimal = len(text)
    whole, part = re.sub(r"\D", "", text[:decimal]), re.sub(r"\D", "", text[decimal:])
    return float(f"{whole or '0'}.{part or '0'}")


def _currency(text: str, country: str | None) -> str | None:
    for word in WORD.findall(text):
        known = CURRENCIES.get(word.lower()) or CURRENCIES.get(word.lower().rstrip("."))
        if known:
            return known
        if word.lower().rstrip(".") in {"kr", "kronor", "kroner", "krónur"}:
            if country in CROWNS:
                return CROWNS[country]
            return "SEK" if re.search(r"miljon|kronor", text, re.IGNORECASE) else None
    return None


def _beside_currency(text: str, match: re.Match[str], country: str | None) -> bool:
    around = f"{text[max(0, match.start() - 5) : match.start()]} {text[match.end() : match.end() + 7]}"
    return _currency(re.sub(r"\d", " ", around), country) is not None


@lru_cache(maxsize=1)
def rates() -> dict[tuple[str, int | None], float]:
    """Read `data/euro_rates.csv`: (currency, year, None for a fixed rate) -> units per euro."""
    text = files("crawler.normalise").joinpath("data/euro_rates.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text))
    return {(row["currency"], int(row["year"]) if row["year"] else None): float(row["rate"]) for row in rows}


def in_euro(money: Money, when: datetime | None = None) -> Money:
    """Add `eur`, `fx_rate` and `fx_date`; they stay empty where no rate is known.

    A fixed conversion rate applies at any time; a yearly average needs `when`. `eur = amount / fx_rate`.
    """
    if money.amount is None or money.currency is None:
        return money
    if money.currency == "EUR":
        return replace(money, eur=money.amount, fx_rate=1.0, fx_date=None)
    fixed = rates().get((money.currency, None))
    if fixed:
        return replace(money, eur=round(money.amount / fixed, 2), fx_rate=fixed, fx_date="fixed")
    for year in range(when.year, when.year - STALE_YEARS - 1, -1) if when else ():
        rate = rates().get((money.currency, year))
        if rate:
            return replace(money, eur=round(money.amount / rate, 2), fx_rate=rate, fx_date=str(year))
    return money
