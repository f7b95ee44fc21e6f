"""Dates as sources write them -> UTC.

A date without a time names a day and becomes its midnight, UTC; the zone of an xsd:date
(`2026-12-01+01:00`, eForms and TED) does not move it to the day before. Times without a zone are read
as UTC. Month names come from CLDR (babel). Where a name is two months in two languages (`listopada`:
October in Croatian, November in Polish) the country decides, else the date stays unread.
"""

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

from classifiers.fold import fold

__all__ = ["FIRST_YEAR", "LAST_YEAR", "parse_date"]

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Horizon: years outside are typing errors or placeholders (0001, 1900, 1970, 9999)."""
LANGUAGES = [
    "en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "fi", "nb", "nn", "cs", "sk", "hu", "ro",
    "bg", "el", "hr", "sl", "lt", "lv", "et", "ga", "mt",
]  # fmt: skip
COUNTRY_LANGUAGES = {
    "AT": "de", "BE": "nl", "BG": "bg", "CH": "de", "CY": "el", "CZ": "cs", "DE": "de", "DK": "da", "EE": "et",
    "ES": "es", "FI": "fi", "FR": "fr", "GB": "en", "GR": "el", "HR": "hr", "HU": "hu", "IE": "en", "IT": "it",
    "LT": "lt", "LV": "lv", "MT": "mt", "NL": "nl", "NO": "nb", "PL": "pl", "PT": "pt", "RO": "ro", "SE": "sv",
    "SI": "sl", "SK": "sk", "US": "en",
}  # fmt: skip
CLOCK = r"(?:[,\sT]+(?:at |um |o |kl\.? ?|à )?(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?::(?P<s>\d{2}))?)?"
YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<Y>\d{{4}})\s?[-./]\s?(?P<M>\d{{1,2}})\s?[-./]\s?(?P<D>\d{{1,2}})(?!\d)\.?{CLOCK}"
)
YEAR_LAST = re.compile(
    rf"(?<!\d)(?P<A>\d{{1,2}})\s?(?P<sep>[-./])\s?(?P<B>\d{{1,2}})\s?[-./]\s?(?P<Y>\d{{4}})(?!\d){CLOCK}"
)
YEAR_MONTH = re.compile(r"(?P<Y>\d{4})[-./](?P<M>\d{1,2})|(?P<m>\d{1,2})[-./](?P<y>\d{4})")
ZONED_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:?\d{2})")
DOTNET = re.compile(r"/?Date\((-?\d{1,15})(?:[+-]\d{4})?\)/?")
TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?")
TOKEN = re.compile(r"\d+|[^\W\d_]+")
MAX_LENGTH = 200


@lru_cache(maxsize=1)
def month_names() -> dict[str, dict[str, int]]:
    """Folded month name -> language -> month."""
    from babel import Locale

    names: dict[str, dict[str, int]] = {}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    words = [word for word in TOKEN.findall(fold(name)) if word.isalpha()]
                    key = words[-1] if words else ""  # Irish "Meán Fómhair" ends in the telling word
                    if len(key) >= 3:
                        names.setdefault(key, {}).setdefault(language, number)
    for key, number in {"sept": 9, "maerz": 3}.items():
        names.setdefault(key, {}).setdefault("en", number)
    return names


def month_number(word: str, country: str | None = None) -> int | None:
    """Read a month name; None where it is none, or another month in another language."""
    readings = month_names().get(fold(word))
    if not readings:
        return None
    own = readings.get(COUNTRY_LANGUAGES.get(country or "", "")) or readings.get("en")
    if own:
        return own
    return next(iter(readings.values())) if len(set(readings.values())) == 1 else None


def parse_date(raw: object, country: str | None = None) -> datetime | None:
    """Read a date.

    Args:
        raw: ISO 8601 in all variants, RFC 822, seconds or milliseconds since 1970 (number or text),
            `/Date(ms)/`, `D.M.Y`, `D/M/Y`, `Y.M.D`, or with a month name in one of 25 languages.
            Year and month, or a year alone, give their first day.
        country: ISO 3166-1 code; only `US` reads `M/D/Y`.

    Returns:
        An aware datetime in UTC between 1990 and 2100, else None: unreadable, ambiguous (two dates), the
        placeholder 1970-01-01, or outside the horizon.
    """
    if raw is None or isinstance(raw, bool):
        return None
    if isinstance(raw, datetime):
        return _inside(raw)
    if isinstance(raw, int | float):
        return _epoch(float(raw))
    text = " ".join(str(raw)[:MAX_LENGTH].split())
    if not text:
        return None
    dotnet = DOTNET.fullmatch(text)
    if dotnet:
        return _inside(_shift(int(dotnet[1]) / 1000))
    if re.fullmatch(r"-?\d{9,16}(?:\.\d+)?", text):
        return _epoch(float(text))
    return _iso(text) or _rfc822(text) or _numeric(text, country) or _named(text, country)


def _inside(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None  # year 1 or 9999 with a zone: outside the horizon anyway
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _shift(seconds: float) -> datetime | None:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _epoch(number: float) -> datetime | None:
    if not math.isfinite(number):
        return None
    if FIRST_YEAR <= number <= LAST_YEAR and number == int(number):
        return datetime(int(number), 1, 1, tzinfo=UTC)
    # 1e11 s is the year 5138, 1e11 ms is 1973: nothing inside the horizon is ambiguous.
    return _inside(
        _shift(number if abs(number) < 1e11 else number / 1e3 if abs(number) < 1e14 else number / 1e6)
    )


def _iso(text: str) -> datetime | None:
    if not text[:4].isdigit():
        return None
    if len(text) == 4:
        return _make(int(text), 1, 1)
    zoned = ZONED_DAY.fullmatch(text)
    plain = zoned[1] if zoned else re.sub(r"(?i)\s*(?:utc|gmt)$", "+00:00", text)
    if re.fullmatch(r"\d{6}", plain):
        return None  # 202501 and 250131 cannot be told apart
    try:
        return _inside(datetime.fromisoformat(re.sub(r"(\d) ([+-]\d{2}:?\d{2})$", r"\1\2", plain)))
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    if ":" not in text or not re.search(r"[A-Za-z]{3} \d{4} |\d{1,2}-[A-Za-z]{3}-\d{2,4} ", text):
        return None
    try:
        return _inside(parsedate_to_datetime(text))
    except (ValueError, IndexError, TypeError, OverflowError):
        return None  # not RFC 822: the other readings follow


def _make(year: int, month: int, day: int, clock: tuple[str | None, ...] = ()) -> datetime | None:
    hour, minute, second = (int(part or 0) for part in clock) if clock else (0, 0, 0)
    next_day = hour == 24 and minute == second == 0  # ISO 8601: 24:00 is the end of the day
    try:
        moment = datetime(year, month, day, 0 if next_day else hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return _inside(moment + timedelta(days=1) if next_day else moment) if year <= LAST_YEAR else None


def _numeric(text: str, country: str | None) -> datetime | None:
    found = {m.group("Y", "M", "D"): m for m in YEAR_FIRST.finditer(text)}
    if len(found) == 1:
        match = next(iter(found.values()))
        return _make(int(match["Y"]), int(match["M"]), int(match["D"]), match.group("h", "m", "s"))
    last = {m.group("Y", "B", "A"): m for m in YEAR_LAST.finditer(text)}
    if len(last) == 1 and not found:
        match = next(iter(last.values()))
        month_first = country == "US" and match["sep"] in "/-"
        day, month = (match["B"], match["A"]) if month_first else (match["A"], match["B"])
        return _make(int(match["Y"]), int(month), int(day), match.group("h", "m", "s"))
    whole = YEAR_MONTH.fullmatch(text)
    if whole:
        return _make(int(whole["Y"] or whole["y"]), int(whole["M"] or whole["m"]), 1)
    return None


def _named(text: str, country: str | None) -> datetime | None:
    time = TIME.search(text)
    tokens = TOKEN.findall(TIME.sub(" ", text))
    months = [(i, month_number(token, country)) for i, token in enumerate(tokens) if token.isalpha()]
    months = [(i, number) for i, number in months if number]
    years = {token for token in tokens if len(token) == 4 and token.isdigit()}
    if len(months) != 1 or len(years) != 1:
        return None  # no month name, or a range of dates
    position, month = months[0]
    year = int(years.pop())
    days = [
        (abs(i - position), i, int(token))
        for i, token in enumerate(tokens)
        if token.isdigit() and len(token) <= 2 and 1 <= int(token) <= 31 and abs(i - position) <= 2
    ]
    if len({day for _, _, day in days}) > 1 and len([d for d in days if d[0] == 1]) != 1:
        return None  # "3-5 May 2027": which one is meant cannot be told
    day = min(days)[2] if days else 1
    return _make(year, month or 1, day, time.groups() if time and days else ())
