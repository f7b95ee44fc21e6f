"""A small programmable web site on 127.0.0.1 for tests; it logs every request and counts those in flight."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Answer:
    """What a route sends back."""

    body: bytes | str | dict[str, Any] | list[Any] = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass
class Seen:
    """One request as the site saw it. `path` holds the query too; times are `time.monotonic()` seconds."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    started: float
    ended: float = 0.0


Route = Answer | list[Answer] | Callable[[Seen], Answer]


class Site:
    """Use as a context manager: `with Site({"/a": Answer("x")}) as site: site.url("/a")`.

    Routes are looked up by path with query, then by path alone. A list is answered in turn (the last one
    repeats); a callable gets the request. Unknown paths answer 404, as does /robots.txt unless routed.
    """

    def __init__(self, routes: dict[str, Route] | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.log: list[Seen] = []
        self.in_flight = 0
        self.max_in_flight = 0
        self._lock = threading.Lock()
        self._turn: dict[str, int] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments: Any) -> None:
                """Keep quiet."""

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                seen = Seen(self.command, self.path, dict(self.headers.items()), body, time.monotonic())
                with site._lock:
                    site.in_flight += 1
                    site.max_in_flight = max(site.max_in_flight, site.in_flight)
                    site.log.append(seen)
                try:
                    reply = site.reply(seen)
                    time.sleep(reply.delay)
                finally:
                    with site._lock:
                        site.in_flight -= 1
                        seen.ended = time.monotonic()
                data = reply.body
                headers = dict(reply.headers)
                if isinstance(data, dict | list):
                    data = json.dumps(data)
                    headers.setdefault("Content-Type", "application/json")
                if isinstance(data, str):
                    data = data.encode()
                headers.setdefault("Content-Type", "text/html; charset=utf-8")
                headers.setdefault("Content-Length", str(len(data)))
                try:
                    self.send_response(reply.status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    if self.command != "HEAD":
                        self.wfile.write(data)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the client had enough: a body over its limit

            do_GET = do_POST = do_HEAD = answer

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *arguments: Any) -> None:
                """Broken connections are part of the tests."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    def reply(self, seen: Seen) -> Answer:
        """Choose the answer of a request."""
        path = seen.path
        route = self.routes.get(path)
        if route is None:
            path = path.split("?")[0]
            route = self.routes.get(path)
        if route is None:
            return Answer("not here", 404)
        if isinstance(route, list):
            with self._lock:
                turn = self._turn.get(path, 0)
                self._turn[path] = turn + 1
            return route[min(turn, len(route) - 1)]
        return route if isinstance(route, Answer) else route(seen)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Absolute address of a path; `host` may be `localhost`, to look like another host."""
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Paths asked for so far, without robots.txt."""
        return [seen.path for seen in self.log if seen.path != "/robots.txt"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
