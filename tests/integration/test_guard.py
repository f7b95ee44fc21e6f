"""Connection guard: what may not be asked is not asked, on the first request, after redirects and after DNS."""

import pytest
from twisted.internet.error import DNSLookupError

from crawler.guard import GuardedResolver, is_public, literal_address, refusal
from crawler.runner import crawl
from crawler.sources import Politeness, Source
from tests.support.site import Answer, Site
from tests.support.tiny_crawl import ENGINE

ONCE = ENGINE | {"RETRY_ENABLED": False}
FAST = Politeness(delay=0.0, reason="loopback site of a test")


def run(url, allow_private):
    source = Source(
        id="guarded",
        family="social",
        title="Guarded",
        protocol="tiny",
        url=url,
        politeness=FAST,
        allow_private=allow_private,
    )
    return crawl([source], db=None, dry_run=True, settings=ONCE)[0]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "::", "fe80::1", "fd00:ec2::254", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_special_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_ordinary_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0x7f000001", "127.0.0.1."])
def test_odd_spellings_of_loopback_are_recognised(host):
    assert literal_address(host) == "127.0.0.1"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "http://localhost/", "http:///x"]
)
def test_other_schemes_and_local_names_are_refused(url):
    assert refusal(url, "example.org", False, set())


def test_permission_holds_for_the_own_host_only():
    assert refusal("http://127.0.0.1/", "127.0.0.1", True, {"127.0.0.1"}) is None
    assert refusal("http://127.0.0.2/", "127.0.0.1", True, {"127.0.0.1"})


def test_a_source_may_not_reach_the_private_host_of_another():
    assert refusal("http://intranet/", "example.org", False, {"intranet"})


def test_a_loopback_source_without_permission_is_not_asked():
    with Site({"/list": Answer({"items": []})}) as site:
        summary = run(site.url("/list"), allow_private=False)
        assert site.log == []
    assert summary.error.startswith("private-address")


def test_a_redirect_to_a_private_address_is_not_followed():
    with Site() as target, Site() as site:
        site.routes["/list"] = Answer("", 302, {"Location": target.url("/secret", host="127.0.0.2")})
        summary = run(site.url("/list"), allow_private=True)
        assert target.log == []
    assert summary.error.startswith("private-address")


def test_a_name_that_dns_points_to_loopback_is_not_connected(monkeypatch):
    import scrapy.resolver

    monkeypatch.setitem(scrapy.resolver.dnscache, "rebinding.example", "127.0.0.1")
    with Site({"/list": Answer({"items": []})}) as site:
        summary = run(site.url("/list", host="rebinding.example"), allow_private=False)
        assert site.log == []
    assert summary.error.startswith("private-address")
    assert "DNS gives the non-public address 127.0.0.1" in summary.error


def test_the_resolver_checks_every_answer():
    with pytest.raises(DNSLookupError, match=r"non-public address 10\.0\.0\.1"):
        GuardedResolver._checked(GuardedResolver.__new__(GuardedResolver), "10.0.0.1", "rebinding.example")
