"""From loose records (items, documents, lines of JSON) to what the decision compares."""

from collections.abc import Iterable
from typing import Any

from crawler.dedup.cluster import ClusterIndex
from crawler.dedup.keys import content_keys, signature, strong_identifiers, words
from crawler.dedup.relation import Record

__all__ = ["deduplicate", "read"]


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("city") or value.get("raw")
    return str(value) if value not in (None, "") and not isinstance(value, list | dict) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def read(values: dict[str, Any], key: str) -> tuple[Record, list[str]]:
    """Build the record of a signal and its lookup keys. Unknown and odd fields count as missing."""
    title, text = _text(values.get("title")) or "", _text(values.get("text")) or ""
    body = words(text)
    minhash = signature(body)
    organisation = next(
        (n for f in ("organisation", "employer", "publisher", "funder") if (n := _text(values.get(f)))), None
    )
    listed = values.get("identifiers")
    given = [v for v in listed if isinstance(v, str)] if isinstance(listed, list) else []
    given += (
        [v for v in values.get("distributions") or [] if isinstance(v, str)]
        if isinstance(values.get("distributions"), list)
        else []
    )
    place, money = values.get("place"), values.get("money")
    country = place.get("country") if isinstance(place, dict) else values.get("country")
    amount = money.get("amount") if isinstance(money, dict) else values.get("amount")
    currency = money.get("currency") if isinstance(money, dict) else values.get("currency")
    kind = _text(values.get("kind")) or ""
    keys = content_keys(kind, title, text, organisation, given, minhash)
    date = values.get("published_at") or values.get("date")
    record = Record(
        id=key, kind=kind, title=title, minhash=minhash, size=len(body),
        exact=next((k for k in keys if k.startswith("x:")), ""),
        language=_text(values.get("language")), organisation=organisation, place=_text(place), country=_text(country),
        url=_text(values.get("url")), date=date.isoformat() if hasattr(date, "isoformat") else _text(date),
        recipient=_text(values.get("recipient")), amount=_number(amount), currency=_text(currency),
        identifiers=frozenset(strong_identifiers(given)), requisition=_text(values.get("requisition_id")),
    )  # fmt: skip
    return record, keys


def deduplicate(records: Iterable[Any]) -> list[dict[str, Any]]:
    """Link records to each other; answers `{id, cluster, canonical, series, reason}` in the order of the input.

    A record that is no object or has no id gets `error` and null links; the others are not affected.
    """
    index, answers = ClusterIndex(), []
    for number, values in enumerate(records, start=1):
        key = _text(values.get("id") or values.get("_id")) if isinstance(values, dict) else None
        if key is None:
            answers.append((None, f"record {number} is no JSON object with an id"))
            continue
        index.add(*read(values, key))
        answers.append((key, None))
    results: list[dict[str, Any]] = []
    for key, error in answers:
        if key is None:
            results.append(
                {
                    "id": None,
                    "cluster": None,
                    "canonical": None,
                    "series": None,
                    "reason": None,
                    "error": error,
                }
            )
        else:
            link = index.link(key)
            results.append(
                {
                    "id": key,
                    "cluster": link.cluster,
                    "canonical": link.canonical,
                    "series": link.series,
                    "reason": link.reason,
                }
            )
    return results
