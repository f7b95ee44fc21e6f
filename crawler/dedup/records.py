"""From loose records (items, documents, lines of JSON) to what the decision compares."""

import re
from collections.abc import Iterable, Iterator
from datetime import date as calendar_date
from functools import lru_cache
from sys import intern
from typing import Any

from crawler.dedup.cluster import ClusterIndex
from crawler.dedup.compare import ADVERT, DATASET, MONEY
from crawler.dedup.keys import content_keys, digest, lexis, page_of, signature, strong_identifiers
from crawler.dedup.names import lead
from crawler.dedup.record import Record
from crawler.dedup.titles import read_title
from crawler.dedup.words import words
from crawler.normalise.places import country_code

__all__ = ["deduplicate", "read"]

FIELDS = ("id", "cluster", "canonical", "series", "reason")
ORGANISATION = ("organisation", "employer", "publisher", "funder")
GIVEN = ("identifiers", "identifier", "external_id", "distributions")
GROUPS = (
    (re.compile(r"job|vacanc|advert|posting", re.IGNORECASE), ADVERT),
    (re.compile(r"dataset", re.IGNORECASE), DATASET),
    (
        re.compile(
            r"award|call|grant|scheme|notice|contract|concession|contest|tender|procure|purchas|buyer|qualific",
            re.IGNORECASE,
        ),
        MONEY,
    ),
)
"""Kinds that are compared with each other. Calls, notices and awards are stages of the same money."""
TELLING = {"employer": ADVERT, "publisher": DATASET, "funder": MONEY}
"""Field names that say of which kind a loose record is when it does not."""
ISO_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
DOTTED_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")
LONG_NUMBER = re.compile(r"\d[\d./-]{4,}", re.ASCII)
NO_DIGIT = re.compile(r"\D")
DAY_SECONDS = 86_400
EPOCH_DAY = calendar_date(1970, 1, 1).toordinal()
NONE: frozenset[str] = frozenset()


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("city") or value.get("raw") or value.get("region")
    return str(value) if value not in (None, "") and not isinstance(value, list | dict) else None


def _shared(value: str | None) -> str | None:
    """One object for all equal strings: names, places and boards repeat a million times."""
    return intern(value) if value is not None else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(v) for v in values if isinstance(v, str | int) and not isinstance(v, bool) and str(v)]


@lru_cache(maxsize=8192)
def _day(text: str | None) -> int | None:
    """Day number of a date: ISO 8601 from the month on, day.month.year, (milli)seconds since 1970."""
    found = (text or "").strip()
    try:
        if match := ISO_DAY.match(found):
            return calendar_date(int(match[1]), int(match[2]), int(match[3] or 1)).toordinal()
        if match := DOTTED_DAY.match(found):
            return calendar_date(int(match[3]), int(match[2]), int(match[1])).toordinal()
    except ValueError:  # the 31st of June is no date
        return None
    if EPOCH.fullmatch(found):
        seconds = float(found) / (1000 if len(found.split(".")[0]) > 10 else 1)
        return EPOCH_DAY + int(seconds // DAY_SECONDS)
    return None


def _references(text: str) -> int:
    """Dates and numbers of five digits or more as bits of one word."""
    bits = 0
    for found in set(LONG_NUMBER.findall(text)):
        digits = NO_DIGIT.sub("", found)
        if len(digits) > 4:  # four digits are a year, seldom more
            bits |= 1 << (int(digits[:18]) % 61)
    return bits


@lru_cache(maxsize=1024)
def _country(value: str | None) -> str | None:
    """Code of a country, else what is written: boards name the same country by code and in words."""
    return country_code(value) or value


def _group(kind: str, values: dict[str, Any]) -> str:
    if kind:
        return next((group for pattern, group in GROUPS if pattern.search(kind)), kind)
    return next((group for name, group in TELLING.items() if values.get(name)), "")


def read(values: dict[str, Any], key: str) -> tuple[Record, list[str]]:
    """Build the record of a signal and its lookup keys. Unknown and odd fields count as missing."""
    title, text = _text(values.get("title")) or "", _text(values.get("text")) or ""
    body = words(text)
    minhash = signature(body)
    kind = _text(values.get("kind")) or ""
    group = _group(kind, values)
    organisation = next((n for f in ORGANISATION if (n := _text(values.get(f)))), None)
    given = [v for name in GIVEN for v in _strings(values.get(name))]
    strong = strong_identifiers(given)
    place, money = values.get("place") or values.get("city"), values.get("money")
    country = place.get("country") if isinstance(place, dict) else values.get("country")
    amount = money.get("amount") if isinstance(money, dict) else values.get("amount")
    currency = money.get("currency") if isinstance(money, dict) else values.get("currency")
    page, page_language, host = page_of(_text(values.get("url")))
    published: Any = values.get("published_at") or values.get("date")
    date = published.isoformat() if hasattr(published, "isoformat") else _text(published)
    role = read_title(title, advert=group == ADVERT).role
    exact = digest("x", group, " ".join(words(title)), " ".join(body)) if title or body else 0
    keys = content_keys(group, role, lead(organisation), given, minhash, page, exact)
    weak = frozenset(v.casefold() for v in given if not strong_identifiers([v]))
    record = Record(
        id=key, kind=intern(kind), group=intern(group), title=title, minhash=minhash, size=len(body),
        exact=exact, references=_references(text), lexis=lexis(body), language=_shared(_text(values.get("language"))),
        organisation=_shared(organisation), place=_shared(_text(place)), country=_shared(_country(_text(country))),
        page=page, page_language=_shared(page_language), board=_shared(host or _text(values.get("source"))),
        day=_day(date), date=_shared(date), recipient=_text(values.get("recipient")), amount=_number(amount),
        currency=_shared(_text(currency)), identifiers=frozenset(strong) or NONE,
        references_given=weak or NONE, requisition=_text(values.get("requisition_id")),
    )  # fmt: skip
    return record, keys


def deduplicate(records: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Link records to each other; yields `{id, cluster, canonical, series, reason}` in the input's order.

    The texts are not kept: the input is read once, and answered when it has ended. A record that is no object
    or has no id gets `error` and null links; the others are not affected.
    """
    index = ClusterIndex()
    order: list[tuple[str | None, str | None]] = []
    for number, values in enumerate(records, start=1):
        key = _text(values.get("id") or values.get("_id")) if isinstance(values, dict) else None
        if key is None:
            order.append((None, f"record {number} is no JSON object with an id"))
            continue
        index.add(*read(values, key))
        order.append((key, None))
    for key, error in order:
        if key is None:
            yield dict.fromkeys(FIELDS) | {"error": error}
        else:
            link = index.link(key)
            yield dict(
                zip(FIELDS, (key, link.cluster, link.canonical, link.series, link.reason), strict=True)
            )
