"""Sitemaps (sitemaps.org/protocol.html): robots.txt lines, index, urlset, gzip."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from lxml import etree

from crawler.errors import SourceResponseError
from crawler.normalise.dates import parse_date
from crawler.unpack import gunzip

__all__ = ["SITEMAP_LIMIT", "Entry", "Sitemap", "is_new", "read_sitemap", "robots_sitemaps"]

SITEMAP_LIMIT = 50 * 2**20
"""Largest sitemap after unpacking, bytes (sitemaps.org: 50 MB)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One address with the day of its last change."""

    url: str
    lastmod: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap: `index` says whether its entries are further sitemaps."""

    index: bool
    entries: tuple[Entry, ...]
    damaged: str | None = None


def robots_sitemaps(text: str, base: str) -> list[str]:
    """Addresses of the `Sitemap:` lines of a robots.txt, in order, each once."""
    lines = re.findall(
        r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", text.lstrip("\ufeff"), re.IGNORECASE | re.MULTILINE
    )
    return list(dict.fromkeys(urljoin(base, line) for line in lines))


def read_sitemap(body: bytes, url: str, limit: int = SITEMAP_LIMIT) -> Sitemap:
    """Read an index or urlset; entries before a damaged part are kept and the damage is named.

    Raises:
        SourceResponseError: too large, damaged gzip, or no sitemap at all.
    """
    data = gunzip(body, url, limit)
    if len(data) > limit:
        raise SourceResponseError("archive-too-large", f"sitemap of more than {limit} bytes; refused", url)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceResponseError("not-a-sitemap", f"no XML: {error}", url) from error
    name = etree.QName(root).localname if root is not None and isinstance(root.tag, str) else None
    if name not in {"sitemapindex", "urlset"}:
        raise SourceResponseError(
            "not-a-sitemap", f"root element is {name}, expected sitemapindex or urlset", url
        )
    entries = []
    for element in root:
        parts = {etree.QName(c).localname: (c.text or "").strip() for c in element if isinstance(c.tag, str)}
        if parts.get("loc"):
            entries.append(Entry(urljoin(url, parts["loc"]), parse_date(parts.get("lastmod") or None)))
    damaged = str(parser.error_log[0].message) if len(parser.error_log) else None
    return Sitemap(name == "sitemapindex", tuple(entries), damaged)


def is_new(entry: Entry, since: datetime | None) -> bool:
    """Whether an entry may have changed since; one without a date always may."""
    if since is None or entry.lastmod is None:
        return True
    moment = entry.lastmod if entry.lastmod.tzinfo else entry.lastmod.replace(tzinfo=UTC)
    return moment >= (since if since.tzinfo else since.replace(tzinfo=UTC))
