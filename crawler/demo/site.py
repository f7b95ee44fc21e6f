"""The demonstration web: hand-written records, served on the loopback interface in the formats of the protocols."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from crawler.demo import answers
from crawler.demo.answers import Record, Reply

__all__ = ["DemoSite", "answer", "load_records"]

CONTENT = Path(__file__).parent / "content"
GONE: Reply = (410, {"Content-Type": "text/plain"}, b"no longer here")
UNKNOWN: Reply = (404, {"Content-Type": "text/plain"}, b"not here")


def load_records() -> list[Record]:
    """Read the invented records.

    A record holds what its source publishes, its `age` in days, the labels a reader gave it (`grade`, `areas`,
    `trends`; they are not served) and in `later` what has changed at the second visit.
    """
    return [
        json.loads(line)
        for file in sorted(CONTENT.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def at_visit(records: list[Record], visit: int) -> list[Record]:
    """Records as they are at a visit: from the second on, `later` replaces fields or takes the record away."""
    return records if visit < 2 else [{**record, **record.get("later", {})} for record in records]


class _Asked:
    """One request: where the site is, what it holds, and what the path says."""

    def __init__(self, base: str, records: list[Record], query: Mapping[str, int], name: str) -> None:
        self.base, self.query, self.name, self.every = base, query, name, records

    def of(self, source: str | None = None) -> list[Record]:
        """Records that a source still publishes."""
        wanted = source or self.name
        return [r for r in self.every if r["source"] == wanted and not r.get("gone")]


def _robots(asked: _Asked) -> Reply:
    text = f"User-agent: *\nDisallow: /private/\nSitemap: {asked.base}/sitemap_index.xml\n"
    return 200, {"Content-Type": "text/plain"}, text.encode()


def _sitemap(asked: _Asked) -> Reply:
    # An advert that was taken down stays in the sitemap, as it does on many sites.
    return answers.sitemap(asked.base, [r for r in asked.every if r["source"] == "demo-jobs"])


def _job(asked: _Asked) -> Reply:
    if asked.name == "error":
        return answers.html("<html><body><p>Something went wrong.</p></body></html>")
    found = [r for r in asked.every if r["source"] == "demo-jobs" and r["id"] == asked.name]
    if not found:
        return UNKNOWN
    return GONE if found[0].get("gone") else answers.job_page(found[0])


def _register(asked: _Asked) -> Reply:
    return answers.register(asked.base, asked.of("demo-register"), asked.name)


ROUTES: tuple[tuple[str, str, Callable[[_Asked], Reply]], ...] = (
    ("GET", r"/robots\.txt", _robots),
    ("GET", r"/sitemap_index\.xml", lambda asked: answers.sitemap_index(asked.base)),
    ("GET", r"/jobs\.xml\.gz", _sitemap),
    ("GET", r"/jobs/(\w+)", _job),
    ("GET", r"/v1/boards/([\w-]+)/jobs", lambda asked: answers.greenhouse(asked.base, asked.of())),
    ("GET", r"/([\w-]+)/api/3/action/package_search", lambda a: answers.ckan(a.base, a.of(), a.query)),
    ("GET", r"/([\w-]+)/feed\.rss", lambda asked: answers.feed(asked.base, asked.of(), asked.name)),
    ("GET", r"/(demo-blog-\w+)", lambda asked: answers.blog(asked.base, asked.name)),
    ("GET", r"/([\w-]+)/wp-json/wp/v2/posts", lambda a: answers.posts(a.base, a.of(), a.query)),
    ("POST", r"/search-api", lambda asked: answers.sedia(asked.base, asked.of("demo-calls"), asked.query)),
    ("GET", r"/grants\.jsonl", lambda asked: answers.grants(asked.base, asked.of("demo-grants"))),
    ("GET", r"/register/(organisation|project)s\.json", _register),
)
"""Method, pattern of the path, and who answers; the group of the pattern is the name that is asked for."""


def answer(path: str, method: str = "GET", *, base: str, records: list[Record], visit: int = 1) -> Reply:
    """Answer one request; unknown paths are 404."""
    parts = urlsplit(path)
    query = {key: int(values[-1]) for key, values in parse_qs(parts.query).items() if values[-1].isdigit()}
    for verb, pattern, route in ROUTES:
        found = re.fullmatch(pattern, parts.path.rstrip("/")) if verb == method else None
        if found:
            name = found[1] if found.lastindex else ""
            return route(_Asked(base, at_visit(records, visit), query, name))
    return UNKNOWN


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, site: "DemoSite") -> None:
        self.site = site
        super().__init__(*args)

    def _reply(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        base = f"http://127.0.0.1:{self.site.port}"
        status, headers, data = answer(
            self.path, self.command, base=base, records=self.site.records, visit=self.site.visit
        )
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _reply  # noqa: N815 (names of the standard library)

    def log_message(self, *_: Any) -> None:
        """Keep quiet: the crawl's own ledger says what was asked."""


class DemoSite:
    """Serve the demonstration web while the context is open."""

    def __init__(self) -> None:
        self.records = load_records()
        self.visit = 1
        """Number of the visit: from the second on, some records have changed."""

    def __enter__(self) -> Self:
        """Start the server on a free port."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, site=self))
        self.port: int = self.server.server_address[1]
        self._thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(timeout=5)
