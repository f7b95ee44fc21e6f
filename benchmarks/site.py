"""A loopback web of job pages for the benchmarks: made from a seed, the same in every run."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from typing import Any

__all__ = ["serve"]

SUBJECTS = (
    "The city",
    "Our cooperative",
    "The library",
    "A regional hospital",
    "The energy agency",
    "The museum",
)
VERBS = ("maintains", "develops", "documents", "publishes", "evaluates", "opens", "supports", "coordinates")
OBJECTS = (
    "open data about local services", "a platform for citizen participation", "tools that volunteers can reuse",
    "accounts and invoices", "a fleet of buses", "sensors built by residents", "courses for adults", "payroll software",
)  # fmt: skip
ENDS = ("with partners in three countries", "for people who need care", "in the public interest", "every day")
CITIES = (
    ("Lille", "FR"),
    ("Gent", "BE"),
    ("Leipzig", "DE"),
    ("Porto", "PT"),
    ("Tartu", "EE"),
    ("Cork", "IE"),
)


def _advert(number: int) -> dict[str, Any]:
    pick = random.Random(number)
    sentences = [
        " ".join(pick.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, ENDS))
        + f" ({pick.randrange(9999)})."
        for _ in range(32)
    ]
    city, country = pick.choice(CITIES)
    paragraphs = [" ".join(sentences[n : n + 4]) for n in range(0, 32, 4)]
    title = f"Officer {number}: {pick.choice(OBJECTS)}"
    return {"title": title, "paragraphs": paragraphs, "city": city, "country": country}


def page(number: int, *, json_ld: bool) -> bytes:
    """A job page of about 30 kB, most of it menus as on real sites, with or without JSON-LD."""
    advert = _advert(number)
    menu = "".join(
        f'<li class="item level-{n % 4}"><a href="/menu/{n}">Menu entry {n}</a></li>' for n in range(300)
    )
    body = "".join(f"<p>{escape(text)}</p>" for text in advert["paragraphs"])
    block = {
        "@context": "https://schema.org", "@type": "JobPosting", "title": advert["title"], "description": body,
        "datePosted": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}", "identifier": str(number),
        "hiringOrganization": {"@type": "Organization", "name": f"Employer {number % 50}"},
        "jobLocation": {"@type": "Place", "address": {
            "@type": "PostalAddress", "addressLocality": advert["city"], "addressCountry": advert["country"]}},
    }  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(block)}</script>' if json_ld else ""
    return (
        f'<html lang="en"><head><title>{advert["title"]}</title>'
        f'<meta property="og:title" content="{advert["title"]}">{script}</head><body><nav><ul>{menu}</ul></nav>'
        f'<main><article><h1>{advert["title"]}</h1>{body}<a href="/apply/{number}">Apply</a></article></main>'
        f"<footer><ul>{menu}</ul></footer></body></html>"
    ).encode()


def _run(pages: int, json_ld: bool, pipe: Any) -> None:
    bodies = {f"/jobs/{n}": page(n, json_ld=json_ld) for n in range(pages)}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body, kind = bodies.get(self.path), "text/html; charset=utf-8"
            if self.path == "/sitemap.xml":
                base = f"http://127.0.0.1:{self.server.server_address[1]}"
                rows = "".join(f"<url><loc>{base}{path}</loc></url>" for path in bodies)
                body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()
                kind = "application/xml"
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *arguments: Any) -> None:
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Handler) as server:
        pipe.send(server.server_address[1])
        server.serve_forever()


@contextmanager
def serve(pages: int, *, json_ld: bool) -> Iterator[str]:
    """Serve `pages` job pages and their sitemap from a process of its own; yields the address of the site."""
    context = get_context("spawn")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(pages, json_ld, send), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{receive.recv()}"
    finally:
        process.terminate()
        process.join()
