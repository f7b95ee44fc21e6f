"""What all protocols ask of an answer: JSON where JSON was promised, one string where a source writes many."""

import html
import json
from typing import Any

from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.unpack import gunzip

__all__ = ["as_dict", "as_list", "as_text", "decoded", "first", "json_answer"]


def decoded(body: bytes) -> str:
    """Text of a body: UTF-8, or windows-1252 where most of what is not ASCII is no UTF-8.

    A body that is UTF-8 but for single damaged bytes stays UTF-8, with U+FFFD in their place.
    """
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("utf-8-sig", errors="replace")
    damaged = text.count("\ufffd")
    sound = sum(character > "\x7f" for character in text) - damaged
    return text if sound > damaged else body.decode("windows-1252", errors="replace")


def json_answer(response: Response) -> Any:
    """Read a JSON answer; a byte order mark and a wrong charset are survived.

    Raises:
        SourceResponseError: `not-json`, with the first characters of what came instead.
    """
    body = gunzip(response.body, response.url)
    text = decoded(body)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        start = " ".join(text[:80].split()) or "an empty body"
        raise SourceResponseError(
            "not-json",
            f"expected JSON, got HTTP {response.status} with: {start}; check the address",
            response.url,
        ) from error


def as_list(value: Any) -> list[Any]:
    """A list of what is there: nothing for None, itself for a list, else one element."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_dict(value: Any) -> dict[str, Any]:
    """The object itself, an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def first(value: Any) -> Any:
    """The first element of a list, or the value itself."""
    return (value[0] if value else None) if isinstance(value, list) else value


def as_text(value: Any, *keys: str) -> str | None:
    """A scalar as text; of an object the first filled key; of a list the first usable element."""
    if isinstance(value, dict):
        return next((text for key in keys if (text := as_text(value.get(key), *keys))), None)
    if isinstance(value, list):
        return next((text for part in value if (text := as_text(part, *keys))), None)
    if value is None or isinstance(value, bool):
        return None
    return html.unescape(str(value)).strip() or None
