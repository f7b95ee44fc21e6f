"""The demonstration web: pure routes over hand-written records, served on the loopback interface."""

import gzip
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

__all__ = ["DemoSite", "answer", "load_records"]

CONTENT = Path(__file__).parent / "content" / "signals.jsonl"
Reply = tuple[int, dict[str, str], bytes]
Record = dict[str, Any]


def load_records() -> list[Record]:
    """Read the invented records."""
    return [json.loads(line) for line in CONTENT.read_text(encoding="utf-8").splitlines() if line.strip()]


def _json(value: Any, headers: dict[str, str] | None = None) -> Reply:
    return (
        200,
        {"Content-Type": "application/json", **(headers or {})},
        json.dumps(value, ensure_ascii=False).encode(),
    )


def _text(text: str, kind: str = "text/html; charset=utf-8", headers: dict[str, str] | None = None) -> Reply:
    return 200, {"Content-Type": kind, **(headers or {})}, text.encode()


def _day(record: Record) -> datetime:
    return datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(
        days=record["age"]
    )


def _robots(base: str, _: list[Record], __: dict[str, int]) -> Reply:
    return _text(f"User-agent: *\nDisallow: /private/\nSitemap: {base}/sitemap_index.xml\n", "text/plain")


def _sitemap_index(base: str, _: list[Record], __: dict[str, int]) -> Reply:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return _text(
        f'<sitemapindex xmlns="{space}"><sitemap><loc>{base}/jobs.xml.gz</loc></sitemap></sitemapindex>',
        "application/xml",
    )


def _urlset(base: str, records: list[Record], _: dict[str, int]) -> Reply:
    rows = "".join(
        f"<url><loc>{base}/jobs/{r['id']}</loc><lastmod>{_day(r):%Y-%m-%d}</lastmod></url>"
        for r in _of(records, "jobs")
    )
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    return 200, {"Content-Type": "application/gzip"}, gzip.compress(body.encode(), mtime=0)


def _of(records: list[Record], source: str) -> list[Record]:
    return [record for record in records if record["source"] == source]


def _job_page(record: Record) -> Reply:
    """Write an advert's page; `fault` breaks its JSON-LD (`broken`) or leaves it out (`none`)."""
    block = json.dumps({
        "@context": "https://schema.org", "@type": "JobPosting", "title": record["title"],
        "description": f"<p>{escape(record['text'])}</p>", "datePosted": f"{_day(record):%Y-%m-%d}",
        "identifier": {"@type": "PropertyValue", "value": record["id"]},
        "hiringOrganization": {"@type": "Organization", "name": record["org"]},
        "jobLocation": {"@type": "Place", "address": {
            "@type": "PostalAddress", "addressLocality": record["city"], "addressCountry": record["country"]}},
    }, ensure_ascii=False)  # fmt: skip
    fault = record.get("fault")
    script = (
        ""
        if fault == "none"
        else f'<script type="application/ld+json">{block[:-9] if fault == "broken" else block}</script>'
    )
    title, body = escape(record["title"]), escape(record["text"])
    return _text(
        f'<html lang="{record["lang"]}"><head><title>{title}</title>{script}</head>'
        f"<body><main><h1>{title}</h1><p>{body}</p></main></body></html>"
    )


def _greenhouse(base: str, records: list[Record], _: dict[str, int]) -> Reply:
    jobs = [
        {"id": 4000 + n, "internal_job_id": 9000 + n, "title": r["title"], "absolute_url": f"{base}/opentown/{r['id']}",
         "updated_at": _day(r).isoformat(), "first_published": _day(r).isoformat(), "requisition_id": None,
         "company_name": r["org"], "location": {"name": f"{r['city']}, {r['country']}"},
         "content": escape(f"<p>{r['text']}</p>"), "departments": [], "offices": [], "metadata": None}
        for n, r in enumerate(_of(records, "greenhouse"))
    ]  # fmt: skip
    return _json({"jobs": jobs, "meta": {"total": len(jobs)}})


def _ckan(base: str, records: list[Record], query: dict[str, int]) -> Reply:
    """Answer `package_search`; at most 4 rows at once, so that paging is exercised."""
    rows = _of(records, "ckan")
    start, size = query.get("start", 0), min(query.get("rows", 4), 4)
    results = [
        {"id": r["id"], "name": r["id"], "title": r["title"], "notes": r["text"],
         "license_id": "cc-by", "type": "dataset",
         "state": "active", "metadata_created": _day(r).replace(tzinfo=None).isoformat(),
         "metadata_modified": _day(r).replace(tzinfo=None).isoformat(),
         "organization": {"title": r["org"], "name": "city"},
         "tags": [{"name": "open-data"}], "groups": [],
         "resources": [{"id": f"{r['id']}-1", "format": "CSV", "url": f"{base}/files/{r['id']}.csv"}]}
        for r in rows[start : start + size]
    ]  # fmt: skip
    return _json({"success": True, "result": {"count": len(rows), "results": results}})


def _rss(base: str, records: list[Record], _: dict[str, int]) -> Reply:
    items = "".join(
        f"<item><title>{escape(r['title'])}</title><link>{base}/news/{r['id']}</link><guid>{base}/news/{r['id']}</guid>"
        f"<pubDate>{_day(r):%a, %d %b %Y %H:%M:%S} +0000</pubDate><description>{escape(r['text'])}</description></item>"
        for r in _of(records, "feed")
    )
    head = f"<title>Demo news</title><link>{base}/news</link><description>Invented</description>"
    return _text(
        f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>',
        "application/rss+xml",
    )


def _blog(base: str, _: list[Record], __: dict[str, int]) -> Reply:
    return _text(
        "<html><body>Blog</body></html>", headers={"Link": f'<{base}/wp-json/>; rel="https://api.w.org/"'}
    )


def _posts(base: str, records: list[Record], query: dict[str, int]) -> Reply:
    rows = _of(records, "wordpress")
    size = max(1, query.get("per_page", 10))
    start = (query.get("page", 1) - 1) * size
    posts = [
        {"id": 100 + n, "link": f"{base}/blog/{r['id']}", "date_gmt": f"{_day(r):%Y-%m-%dT%H:%M:%S}",
         "modified_gmt": f"{_day(r):%Y-%m-%dT%H:%M:%S}", "type": "post", "status": "publish",
         "title": {"rendered": escape(r["title"])}, "content": {"rendered": f"<p>{escape(r['text'])}</p>"}}
        for n, r in enumerate(rows)
    ]  # fmt: skip
    total = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(-(-len(rows) // size))}
    return _json(posts[start : start + size], total)


def _sedia(base: str, records: list[Record], query: dict[str, int]) -> Reply:
    rows = _of(records, "sedia")
    size = max(1, query.get("pageSize", 50))
    start = (query.get("pageNumber", 1) - 1) * size
    results = [
        {"reference": r["id"], "url": f"{base}/topics/{r['id']}", "summary": r["title"], "language": r["lang"],
         "metadata": {"identifier": [r["id"]], "title": [r["title"]], "descriptionByte": [f"<p>{r['text']}</p>"],
                      "startDate": [f"{_day(r):%Y-%m-%dT00:00:00.000+0000}"], "status": ["31094502"], "type": ["1"],
                      "deadlineDate": [f"{_day(r) + timedelta(days=400):%Y-%m-%dT00:00:00.000+0000}"],
                      "deadlineModel": ["single-stage"], "callIdentifier": ["DEMO-CALL"]}}
        for r in rows[start : start + size]
    ]  # fmt: skip
    return _json(
        {
            "totalResults": len(rows),
            "pageNumber": query.get("pageNumber", 1),
            "pageSize": size,
            "results": results,
        }
    )


def _dump(base: str, records: list[Record], _: dict[str, int]) -> Reply:
    rows = [
        {"id": r["id"], "url": f"{base}/grants/{r['id']}", "title": r["title"], "description": r["text"],
         "funder": r["org"],
         "amount": r["amount"], "currency": "EUR", "awarded": f"{_day(r):%Y-%m-%d}",
         "city": r["city"], "country": r["country"]}
        for r in _of(records, "records")
    ]  # fmt: skip
    return _text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "application/x-ndjson")


ROUTES: dict[tuple[str, str], Callable[[str, list[Record], dict[str, int]], Reply]] = {
    ("GET", "/robots.txt"): _robots,
    ("GET", "/sitemap_index.xml"): _sitemap_index,
    ("GET", "/jobs.xml.gz"): _urlset,
    ("GET", "/v1/boards/opentown/jobs"): _greenhouse,
    ("GET", "/api/3/action/package_search"): _ckan,
    ("GET", "/news.rss"): _rss,
    ("GET", "/blog"): _blog,
    ("GET", "/wp-json/wp/v2/posts"): _posts,
    ("POST", "/search-api"): _sedia,
    ("GET", "/grants.jsonl"): _dump,
}


def answer(path: str, method: str = "GET", _body: bytes = b"", *, base: str, records: list[Record]) -> Reply:
    """Answer one request; unknown paths are 404. The body of a search is accepted and not evaluated."""
    parts = urlsplit(path)
    query = {key: int(values[-1]) for key, values in parse_qs(parts.query).items() if values[-1].isdigit()}
    if route := ROUTES.get((method, parts.path.rstrip("/") or "/")):
        return route(base, records, query)
    jobs = {f"/jobs/{record['id']}": record for record in _of(records, "jobs")}
    return (
        _job_page(jobs[parts.path])
        if parts.path in jobs
        else (404, {"Content-Type": "text/plain"}, b"not here")
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, records: list[Record]) -> None:
        self.records = records
        super().__init__(*args)

    def _reply(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address: Any = self.server.server_address
        host, port = address[:2]
        status, headers, data = answer(
            self.path, self.command, body, base=f"http://{host!s}:{port}", records=self.records
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

    def __enter__(self) -> Self:
        """Start the server on a free port."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, records=load_records()))
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
