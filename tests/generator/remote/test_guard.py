"""Where we never connect to, however it is written and whoever leads us there."""

from __future__ import annotations

import ipaddress
import socket
from itertools import cycle

import pytest

from generator.engines.remote import guard
from generator.engines.remote.client import Client
from generator.engines.remote.faults import Blocked, Fault, Refused
from generator.engines.remote.transport import GuardedTransport
from tests.generator.remote.provider import Says, png, serving
from tests.generator.remote.shopping import LIMITS, Naps

INSIDE = (
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://127%2e0.0.1/",
    "http://１２７.0.0.1/",
    "http://0.0.0.0/",
    "http://localhost/",
    "http://10.1.2.3/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[2606:4700::5efe:7f00:1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25lo]/",
    "http://[fd00::1]/",
    "http://[ff02::1]/",
)
MALFORMED = (
    "http://example.org:99999/",
    "http://example.org:0/",
    f"http://{'a' * 64}.example.org/",
    "file:///etc/passwd",
    "gopher://8.8.8.8/",
    "ftp://8.8.8.8/",
    "//8.8.8.8/",
    "http://",
    "http://user:password@8.8.8.8/",
    "http://8.8.8.8:22/",
    "http://8.8.8.8:6379/",
    "http://8.8.8.8:99999/",
    "http://8.8.8.8\n.example.org/",
    "http://exa mple.org/",
    "",
)


@pytest.fixture
def nothing_allowed(settings) -> None:
    settings.OUTBOUND_ALLOW = []


def fetch(url: str) -> bytes:
    with Client("They", LIMITS, sleep=Naps()) as client:
        return client.fetch(url)


@pytest.mark.parametrize("url", [*INSIDE, *MALFORMED])
@pytest.mark.usefixtures("nothing_allowed")
def test_addresses_inside_and_what_is_no_address_are_blocked(url):
    with pytest.raises(Blocked, match="This address is not allowed"):
        fetch(url)


@pytest.mark.parametrize(
    ("address", "port"),
    [("8.8.8.8", 80), ("8.8.8.8", 443), ("2606:4700::1111", 443), ("8.8.8.8", 8188)],
)
@pytest.mark.usefixtures("nothing_allowed")
def test_public_addresses_are_permitted(address, port):
    assert guard.permitted(ipaddress.ip_address(address), port)


@pytest.mark.usefixtures("nothing_allowed")
def test_open_and_closed_ports_inside_give_the_same_answer_and_nobody_is_asked():
    with serving(lambda _seen: Says(png())) as provider, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        told = set()
        for url in (provider.url, f"http://127.0.0.1:{closed.getsockname()[1]}"):
            with pytest.raises(Fault) as caught:
                fetch(url)
            told.add((type(caught.value), caught.value.reason))
    assert told == {(Blocked, "This address is not allowed.")}
    assert provider.seen == []


def test_what_the_operator_allows_is_let_through_and_nothing_beside_it(settings):
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("10.0.0.0/8")]
    assert guard.permitted(ipaddress.ip_address("10.1.2.3"), 6379)
    assert not guard.permitted(ipaddress.ip_address("192.168.1.1"), 80)
    assert not guard.permitted(ipaddress.ip_address("::ffff:10.1.2.3"), 80)


def names(monkeypatch, answers) -> None:
    """Names below example.org now mean the next of `answers`: no name server is asked."""
    addresses, real = iter(answers), socket.getaddrinfo

    def look_up(host, port, *rest, **options):
        if host.endswith("example.org"):
            host = next(addresses)
        return real(host, port, *rest, **options)

    monkeypatch.setattr(guard.socket, "getaddrinfo", look_up)


@pytest.mark.usefixtures("nothing_allowed")
def test_a_name_that_means_an_address_inside_is_blocked(monkeypatch):
    names(monkeypatch, cycle(["192.168.0.1"]))
    with pytest.raises(Blocked):
        fetch("http://pictures.example.org/")


def test_a_name_that_changes_its_mind_never_leads_inside(monkeypatch, settings):
    """The allowed address stands for a public one; the canary is on another of loopback's."""
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]
    names(monkeypatch, cycle(["127.0.0.1", "127.0.0.2"]))
    with serving(lambda _seen: Says(png())) as provider, socket.socket() as canary:
        port = provider.server.server_port
        canary.bind(("127.0.0.2", port))
        canary.listen(128)
        canary.settimeout(0)
        outcomes = [outcome(f"http://rebinding.example.org:{port}/") for _ in range(100)]
        with pytest.raises(BlockingIOError):
            canary.accept()
    assert outcomes.count("fetched") == len(provider.seen) == 50
    assert outcomes.count("blocked") == 50


def outcome(url: str) -> str:
    try:
        fetch(url)
    except Blocked:
        return "blocked"
    return "fetched"


def test_the_peer_of_the_connected_socket_is_compared_before_anything_is_sent(monkeypatch):
    """Should resolving ever be fooled, the socket itself tells."""
    monkeypatch.setattr(guard, "resolve", lambda host, port: ["127.0.0.2"])
    with socket.socket() as inside:
        inside.bind(("127.0.0.2", 0))
        inside.listen()
        with pytest.raises(Blocked):
            fetch(f"http://127.0.0.1:{inside.getsockname()[1]}/")
        reached, _address = inside.accept()
        with reached:
            assert reached.recv(1) == b"", "something was sent"


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "http://[::1]/", "file:///etc/passwd", "//127.0.0.3/"]
)
def test_a_redirect_inside_is_not_followed(target):
    moved = Says(b"", 302, {"Location": target})
    with serving(lambda _seen: moved) as provider, pytest.raises(Blocked):
        fetch(provider.url)
    assert len(provider.seen) == 1


def test_a_redirect_to_a_permitted_address_is_followed_for_pictures():
    def script(seen):
        moved = Says(b"", 302, {"Location": "/there.png"})
        return Says(png()) if seen.path == "/there.png" else moved

    with serving(script) as provider:
        assert fetch(provider.url) == png()


def test_redirects_without_end_are_given_up():
    told, moved = "from one address to the next", Says(b"", 302, {"Location": "/again"})
    with serving(lambda _seen: moved) as provider, pytest.raises(Refused, match=told):
        fetch(provider.url)
    assert len(provider.seen) == 4


def test_the_proxies_of_the_environment_are_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(lambda _seen: Says(png())) as provider:
        assert fetch(provider.url) == png()


def test_a_download_carries_no_cookie_key_or_internal_header():
    def script(seen):
        return Says(png(), headers={"Set-Cookie": "a=b"})

    with serving(script) as provider, Client("They", LIMITS) as client:
        client.fetch(provider.url)
        client.fetch(provider.url)
    assert all(
        set(seen.headers) <= {"host", "accept", "accept-encoding", "connection", "user-agent"}
        for seen in provider.seen
    )


def test_unix_sockets_are_blocked():
    with pytest.raises(Blocked):
        GuardedTransport()._pool._network_backend.connect_unix_socket("/run/x")


@pytest.mark.usefixtures("nothing_allowed")
def test_sockets_that_are_no_http_are_guarded_by_the_same_rule():
    with pytest.raises(Blocked):
        guard.connect("127.0.0.1", 80, 1.0)
