"""Receivers inside, and names that lead there: nothing leaves, whoever asks."""

from __future__ import annotations

import ipaddress
import socket
from itertools import cycle

import pytest

from accounts.models import User
from generator.engines.remote import guard
from generator.models import WebhookAttempt, WebhookDelivery
from generator.webhooks import couriers, managing, sending
from tests.generator.remote.test_guard import INSIDE, MALFORMED, names
from tests.generator.webhooks.receiving import Receiver, make_webhook

#: A name says nothing before it is looked up.
WRITTEN = [url for url in (*INSIDE, *MALFORMED) if "localhost" not in url]


@pytest.fixture
def _nothing_allowed(settings) -> None:
    settings.OUTBOUND_ALLOW = []


@pytest.mark.parametrize("url", [*INSIDE, *MALFORMED])
@pytest.mark.usefixtures("_nothing_allowed")
def test_nothing_is_sent_inside(url: str) -> None:
    reply = sending.post(url, b"{}", {})
    assert (reply.status, reply.failure) == (None, "This address is not allowed.")


@pytest.mark.usefixtures("_nothing_allowed")
def test_an_address_inside_is_refused_when_it_is_written_down(alice: User) -> None:
    urls = ("http://10.0.0.1/", "http://169.254.169.254/", "http://[::1]/", "file:///etc/passwd")
    for url in urls:
        with pytest.raises(managing.BadAddress):
            managing.add(alice, url, ["generation.failed"])


@pytest.mark.django_db
@pytest.mark.usefixtures("_nothing_allowed")
def test_open_and_closed_ports_inside_look_the_same_in_the_log(
    alice: User, receiver: Receiver
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        for url in (receiver.url, f"http://127.0.0.1:{closed.getsockname()[1]}/"):
            WebhookDelivery.test(make_webhook(alice, url))
            couriers.deliver_next()
    told = WebhookAttempt.objects.values_list("status", "failure")
    assert set(told) == {(None, "This address is not allowed.")}
    assert receiver.seen == []


def test_a_name_that_changes_its_mind_leads_nowhere_inside(
    monkeypatch, settings, receiver: Receiver
) -> None:
    """The allowed address stands for a public one; the canary is on another of loopback's."""
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]
    names(monkeypatch, cycle(["127.0.0.1", "127.0.0.2"]))
    port = receiver.provider.server.server_port
    with socket.socket() as canary:
        canary.bind(("127.0.0.2", port))
        canary.listen(64)
        canary.settimeout(0)
        url = f"http://rebinding.example.org:{port}/"
        replies = [sending.post(url, b"{}", {}) for _ in range(20)]
        with pytest.raises(BlockingIOError):
            canary.accept()
    assert sum(reply.status == 200 for reply in replies) == len(receiver.seen) == 10
    assert sum(reply.failure == "This address is not allowed." for reply in replies) == 10


def test_a_peer_that_is_not_who_was_looked_up_hears_nothing(
    monkeypatch, receiver: Receiver
) -> None:
    def elsewhere(peer) -> None:
        raise guard.Blocked

    monkeypatch.setattr(guard, "check_peer", elsewhere)
    assert sending.post(receiver.url, b"{}", {}).failure == "This address is not allowed."
    assert receiver.seen == []


def test_proxies_of_the_environment_are_not_asked(monkeypatch, receiver: Receiver) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert sending.post(receiver.url, b"{}", {}).status == 200
