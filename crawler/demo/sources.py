"""The source files of the demonstration web: the same files an operator writes, with the port filled in."""

from pathlib import Path

__all__ = ["write_sources"]

SOURCES = {
    "jobs/demo-jobs": ("jobposting", "/sitemap_index.xml", ""),
    "jobs/demo-board": ("greenhouse", "/v1/boards/opentown/jobs?content=true", ""),
    "portals/demo-catalogue": ("ckan", "", ""),
    "social/demo-news": ("feed", "/news.rss", ""),
    "social/demo-blog": ("wordpress", "/blog", ""),
    "funding/demo-calls": ("sedia", "/search-api", ""),
    "funding/demo-grants": ("records", "/grants.jsonl", 'kind = "award"\n'),
}  # fmt: skip
"""`family/id` -> protocol, path on the site, parameters of the protocol."""


def write_sources(directory: Path, port: int) -> list[Path]:
    """Write `<family>/<id>.toml` below a folder for a site on a loopback port."""
    written = []
    for name, (protocol, path, params) in SOURCES.items():
        file = directory / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f'title = "Demonstration: {protocol}"\nprotocol = "{protocol}"\nurl = "http://127.0.0.1:{port}{path}"\n'
            'allow_private = true\n[politeness]\ndelay = 0\nreason = "loopback demonstration"\n'
            + (f"[params]\n{params}" if params else ""),
            encoding="utf-8",
        )
        written.append(file)
    return written
