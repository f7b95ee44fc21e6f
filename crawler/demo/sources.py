"""The source files of the demonstration web: the same files an operator writes, with the port filled in."""

from pathlib import Path

__all__ = ["SECOND_VISIT", "SOURCES", "write_sources"]

GRANT_FIELDS = """\
[params.fields]
published_raw = "awarded"
organisation = "funder"
"""
"""A dump of awards calls these fields by names of its own."""
SOURCES = {
    "directory/demo-register": (
        "digitalsocial", "/register/organisations.json", None, '[params]\nfiles = ["projects.json"]\n',
    ),
    "funding/demo-calls": ("sedia", "/search-api", "EU", ""),
    "funding/demo-fund-nl": ("feed", "/demo-fund-nl/feed.rss", "NL", '[params]\nkind = "funding_call"\n'),
    "funding/demo-grants": ("records", "/grants.jsonl", None, f'[params]\nkind = "award"\n{GRANT_FIELDS}'),
    "jobs/demo-board": ("greenhouse", "/v1/boards/demo-board/jobs?content=true", None, ""),
    "jobs/demo-jobs": ("jobposting", "/sitemap_index.xml", None, ""),
    "portals/demo-data-de": ("ckan", "/demo-data-de", "DE", ""),
    "portals/demo-data-fr": ("ckan", "/demo-data-fr", "FR", ""),
    "portals/demo-data-it": ("ckan", "/demo-data-it", "IT", ""),
    "portals/demo-data-pl": ("ckan", "/demo-data-pl", "PL", ""),
    "social/demo-blog-ie": ("wordpress", "/demo-blog-ie", "IE", ""),
    "social/demo-blog-se": ("wordpress", "/demo-blog-se", "SE", ""),
    "social/demo-news-es": ("feed", "/demo-news-es/feed.rss", "ES", ""),
    "social/demo-news-fi": ("feed", "/demo-news-fi/feed.rss", "FI", ""),
    "social/demo-news-net": ("feed", "/demo-news-net/feed.rss", None, ""),
}  # fmt: skip
"""`family/id` -> protocol, path on the site, country it covers, parameters of the protocol."""
SECOND_VISIT = ("demo-board", "demo-jobs")
"""Sources where something has changed when they are visited again."""


def write_sources(directory: Path, port: int) -> list[Path]:
    """Write `<family>/<id>.toml` below a folder for a site on a loopback port."""
    written = []
    for name, (protocol, path, country, params) in SOURCES.items():
        file = directory / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        where = f'country = "{country}"\n' if country else ""
        file.write_text(
            f'title = "Demonstration: {file.stem}"\nprotocol = "{protocol}"\n'
            f'url = "http://127.0.0.1:{port}{path}"\n{where}allow_private = true\n'
            f'[politeness]\ndelay = 0\nreason = "loopback demonstration"\n{params}',
            encoding="utf-8",
        )
        written.append(file)
    return written
