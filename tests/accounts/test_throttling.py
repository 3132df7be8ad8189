"""Token buckets, and whose address counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts import throttling
from accounts.models import User
from accounts.throttling import Limit, client_address, neighbourhood, take
from tests.factories import make_key

LIMIT = Limit("test", burst=3, per_second=0.5)
START = 1_000_000.0


def allowed(times: list[float], limit: Limit = LIMIT, who: str = "alice") -> list[bool]:
    return [take(limit, who, now=START + time).allowed for time in times]


def test_a_full_bucket_gives_its_burst_and_no_more() -> None:
    assert allowed([0, 0, 0, 0]) == [True, True, True, False]


def test_it_refills_by_the_second() -> None:
    assert allowed([0, 0, 0, 1, 2, 3, 4]) == [True, True, True, False, True, False, True]


def test_it_never_holds_more_than_its_burst() -> None:
    assert allowed([0, 9999, 9999, 9999, 9999]) == [True, True, True, True, False]


def test_everybody_has_a_bucket_of_their_own() -> None:
    allowed([0, 0, 0])
    assert allowed([0], who="bob") == [True]


def test_a_refusal_says_when_to_come_back() -> None:
    allowed([0, 0, 0])
    turn = take(LIMIT, "alice", now=START)
    assert turn.headers() == {
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "0",
        "Retry-After": "2",
    }
    assert allowed([turn.retry_after]) == [True]


def test_an_allowed_request_is_told_what_is_left() -> None:
    assert take(LIMIT, "alice", now=START).headers() == {
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "2",
    }


def test_a_clock_that_steps_back_gives_nothing_away() -> None:
    assert allowed([0, 0, 0, -500, 0]) == [True, True, True, False, False]


def test_threads_that_ask_at_once_share_one_bucket() -> None:
    limit = Limit("crowd", burst=50, per_second=0.001)
    with ThreadPoolExecutor(16) as threads:
        turns = list(threads.map(lambda _: take(limit, "alice", now=START), range(400)))
    assert sum(turn.allowed for turn in turns) == 50


@given(st.lists(st.floats(0, 30), min_size=1, max_size=60), st.uuids())
def test_no_pattern_of_asking_beats_the_rate(gaps: list[float], who: object) -> None:
    now, served = 0.0, 0
    for gap in gaps:
        now += gap
        served += take(LIMIT, str(who), now=START + now).allowed
    assert served <= LIMIT.burst + now * LIMIT.per_second + 1e-6


@pytest.mark.django_db
def test_each_person_is_counted_for_themselves_whatever_their_keys(
    alice: User, bob: User, settings: Settings
) -> None:
    settings.API_BURST = 2
    settings.API_REQUESTS_PER_SECOND = 1
    (one, _), (other, _), (bobs, _) = make_key(alice), make_key(alice), make_key(bob)
    turns = [throttling.count_request(key).allowed for key in (one, other, one, other)]
    assert turns == [True, True, False, False]
    assert throttling.count_request(bobs).allowed


def test_wrong_keys_are_counted_by_address() -> None:
    for _ in range(throttling.WRONG_KEYS.burst):
        throttling.count_wrong_key(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1"))
    elsewhere = RequestFactory().get("/", REMOTE_ADDR="192.0.2.2")
    assert throttling.count_wrong_key(elsewhere).allowed


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "rubbish", "192.0.2.1"),
        (1, "203.0.113.9, rubbish\n", "192.0.2.1"),
    ],
)
def test_only_what_our_proxies_wrote_is_believed(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded}
    )
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::9", "2001:db8:1:2::"), ("unix", "unknown")],
)
def test_a_household_is_one_visitor(address: str, counts_as: str) -> None:
    assert neighbourhood(address) == counts_as
