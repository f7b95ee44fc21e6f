"""Compressed answers and files, unpacked up to a limit: what grows beyond it is refused as a bomb."""

import gzip
import io
import zlib

from crawler.errors import SourceResponseError

__all__ = ["MAX_UNPACKED", "gunzip"]

MAX_UNPACKED = 512 * 2**20
"""Largest unpacked size of a compressed answer, bytes: a bigger one is refused as a bomb."""


def gunzip(body: bytes, url: str | None = None, limit: int = MAX_UNPACKED) -> bytes:
    """Unpack a body that starts with the gzip signature (RFC 1952 2.3.1); others are returned as they are.

    Raises:
        SourceResponseError: `archive-too-large` past `limit` bytes, `bad-gzip` where the data is damaged.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            data = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceResponseError("bad-gzip", f"damaged gzip data ({error}); fetch it again", url) from error
    if len(data) > limit:
        raise SourceResponseError("archive-too-large", f"unpacks to more than {limit} bytes; refused", url)
    return data
