"""Identity of a signal: canonical address, key and content hash. Pure functions."""

import hashlib
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from crawler.items import Signal

__all__ = ["canonical_url", "content_hash", "plain", "signal_id"]

TRACKING_PARAMETERS = frozenset(
    {"fbclid", "gclid", "gh_src", "lever-source", "mc_cid", "mc_eid", "ref", "source"}
)
DERIVED_FIELDS = frozenset({
    "html", "page", "signal_id", "content_hash", "cluster_id", "cluster_reason", "canonical", "series_id",
    "dedup_keys", "dsi", "evidence",
})  # fmt: skip
"""Fields that the pipeline derives or does not store: no part of what makes a signal changed."""


def canonical_url(url: str) -> str:
    """Write an address in one way: lower-case host, no default port, no fragment, no tracking, sorted query.

    Idempotent. Non-ASCII characters are percent-encoded as WordPress does (lower-case hexadecimal digits
    and upper-case ones denote the same octet, RFC 3986 6.2.2.1; upper case is written).
    """
    from w3lib.url import safe_url_string

    parts = urlsplit(safe_url_string(url.strip()))
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    port = (
        f":{parts.port}"
        if parts.port and (parts.scheme.lower(), parts.port) not in {("http", 80), ("https", 443)}
        else ""
    )
    query = sorted(
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if key.lower() not in TRACKING_PARAMETERS and not key.lower().startswith("utm_")
    )
    return urlunsplit((parts.scheme.lower(), host + port, parts.path or "/", urlencode(query), ""))


def signal_id(source: str, native_id: str | None, url: str | None) -> str:
    """Key of a signal: 32 hexadecimal digits from the source and its native id, else its canonical address.

    Raises:
        ValueError: neither is given, so the signal could not be recognised again.
    """
    if native_id:
        identity = f"id\0{native_id}"
    elif url:
        identity = f"url\0{canonical_url(url)}"
    else:
        raise ValueError("a signal needs a native id or an address")
    return hashlib.sha256(f"{source}\0{identity}".encode()).hexdigest()[:32]


def plain(value: Any) -> Any:
    """Turn an item or a part of it into dicts, lists and scalars; empty fields of nested parts are left out."""
    if hasattr(value, "__dataclass_fields__"):
        pairs = ((f.name, plain(getattr(value, f.name))) for f in fields(value))
        return {name: part for name, part in pairs if part is not None}
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    return value


def content_hash(item: Signal) -> str:
    """SHA-256 over the content fields of an item: what must differ for the signal to count as changed."""
    content = {name: part for name, part in plain(item).items() if name not in DERIVED_FIELDS}
    return hashlib.sha256(
        orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_NAIVE_UTC, default=_as_text)
    ).hexdigest()


def _as_text(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
