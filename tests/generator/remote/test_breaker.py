"""A provider that fails again and again is left alone, then tried by one call."""

from __future__ import annotations

import pytest

from generator.engines.remote.breaker import FAILURES, PAUSE, Breaker, breaker_of
from tests.generator.remote.provider import Says, b64, png, serving
from tests.generator.remote.shopping import errand, pictures, refusal, shop


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tripped(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.wait() == 0
        breaker.failed()
    return breaker


def test_it_opens_after_five_failures_in_a_row(tripped: Breaker):
    assert tripped.wait() == PAUSE


def test_a_success_in_between_starts_the_count_anew(clock: Clock):
    breaker = Breaker(clock)
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.wait() == 0


def test_after_the_pause_one_call_tries_and_the_others_wait(tripped: Breaker, clock: Clock):
    clock.now += PAUSE
    assert tripped.wait() == 0
    assert tripped.wait() > 0


def test_a_probe_that_succeeds_closes_it(tripped: Breaker, clock: Clock):
    clock.now += PAUSE
    tripped.wait()
    tripped.succeeded()
    assert [tripped.wait(), tripped.wait()] == [0, 0]


def test_a_probe_that_fails_opens_it_for_another_pause(tripped: Breaker, clock: Clock):
    clock.now += PAUSE
    tripped.wait()
    tripped.failed()
    assert tripped.wait() == PAUSE


def test_a_probe_that_never_answers_is_followed_by_another(tripped: Breaker, clock: Clock):
    clock.now += PAUSE
    tripped.wait()
    clock.now += PAUSE
    assert tripped.wait() == 0


def test_while_it_is_open_work_waits_without_spending_a_try_and_nobody_is_asked():
    with serving(lambda _seen: Says({}, 500)) as provider:
        tasks = [errand("openai", provider.url, model="dall-e-2") for _ in range(7)]
        found = [refusal(shop(task)) for task in tasks]
    assert [refused.spent for refused in found] == [True] * 5 + [False] * 2
    assert all(refused.retryable for refused in found)
    assert found[-1].wait > 25
    assert len(provider.seen) == 5


def test_a_refused_prompt_says_that_the_provider_is_well():
    answers = iter([500, 500, 500, 500, 400, 500, 500])
    with serving(lambda _seen: Says({}, next(answers))) as provider:
        for _ in range(7):
            shop(errand("openai", provider.url, model="dall-e-2"))
    assert len(provider.seen) == 7
    assert breaker_of(provider.url).wait() == 0


def test_one_providers_breaker_is_not_anothers():
    good = Says({"data": [{"b64_json": b64(png())}]})
    with serving(lambda _seen: Says({}, 500)) as bad, serving(lambda _seen: good) as well:
        for _ in range(6):
            shop(errand("openai", bad.url, model="dall-e-2"))
        assert pictures(shop(errand("openai", well.url, model="dall-e-2")))
