"""Connection guard: no request leaves for loopback, private, link-local or metadata addresses.

Checked twice, because a name can point anywhere and change between two look-ups (DNS rebinding): on the
address as written, in a downloader middleware that every redirect passes, and on what DNS answered, in the
resolver that gives Twisted the very address it connects to.
"""

import ipaddress
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.refusal import RefusedRequest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["GuardMiddleware", "GuardedResolver", "is_public", "literal_address"]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet (IANA special-purpose registries).

    IPv4 inside IPv6 (mapped, 6to4, Teredo, NAT64) is judged by the IPv4 address.
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def literal_address(host: str) -> str | None:
    """The IP address that a host part spells out, or none for a name.

    Understands what `inet_aton` understands: `2130706433`, `0x7f.1`, `0177.0.0.1`, `127.1` are 127.0.0.1.
    """
    bare = host.strip("[]").rstrip(".")
    try:
        return str(ipaddress.ip_address(bare.split("%")[0]))
    except ValueError:
        pass  # not a plain literal: the older spellings follow
    try:
        return socket.inet_ntoa(socket.inet_aton(bare))
    except OSError:
        return None


def refusal(url: str, own_host: str, allow_private: bool, private_hosts: set[str]) -> str | None:
    """Why an address must not be asked, or none.

    Args:
        url: address of the request.
        own_host: host of the source.
        allow_private: the source may lie on a private address; holds for `own_host` only.
        private_hosts: hosts that other sources may reach on private addresses; closed to this one.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in {"http", "https"}:
        return f"scheme {parts.scheme!r} is not http or https"
    if not host:
        return "the address has no host"
    if host == own_host and allow_private:
        return None
    if host in private_hosts or host == "localhost" or host.endswith(".localhost"):
        return f"host {host!r} is private; set `allow_private` in the file of the source that lies there"
    literal = literal_address(host)
    if literal is not None and not is_public(literal):
        return f"{host} is the non-public address {literal}; set `allow_private` if the source lies there"
    return None


class GuardMiddleware:
    """Downloader middleware: checks the literal address of every request and every redirect hop."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "GuardMiddleware":
        """Build the middleware; part of Scrapy's contract."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse an address that must not be asked."""
        from crawler.runtime import run_of

        run = run_of(self.crawler)
        reason = refusal(request.url, run.source.host, run.source.allow_private, run.runtime.private_hosts)
        if reason:
            raise RefusedRequest("private-address", f"request refused: {reason}")


class GuardedResolver(CachingThreadedResolver):
    """DNS resolver that fails when a name points to a non-public address. IPv4, like Scrapy's default."""

    allowed: ClassVar[set[str]] = set()
    """Hosts of sources with `allow_private`; the middleware keeps other sources away from them."""
    refused: ClassVar[dict[str, str]] = {}
    """Name -> why it was refused. Twisted knows one DNS error only, so the reason travels beside it."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: N802
        """Resolve a name and check the answer, also one from the cache."""
        deferred = super().getHostByName(name, timeout)
        return deferred.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if name.lower() not in self.allowed and not is_public(address):
            self.refused[name.lower()] = (
                f"DNS gives the non-public address {address} for {name}: not connected"
            )
            raise DNSLookupError(self.refused[name.lower()])
        return address
