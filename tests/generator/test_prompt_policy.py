"""What may not be asked for: who says so, how it is found, and that it costs nothing."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from generator import submission
from generator.contract import InvalidRequest
from generator.models import Generation, PromptRule
from generator.patterns import UnsafePattern, safe
from generator.prompt_policy import breaks, words
from tests.factories import make_team
from tests.generator.orders import make_model, make_request

pytestmark = pytest.mark.django_db


def rule(**fields: Any) -> PromptRule:
    made = PromptRule(name="test", **fields)
    made.full_clean()
    made.save()
    return made


@pytest.fixture(autouse=True)
def _model() -> None:
    make_model()


def order(owner: User, prompt: str, **more: Any) -> submission.Order:
    return submission.Order(owner=owner, request=make_request(prompt=prompt), **more)


def test_a_refusal_names_the_rules_message_beside_the_prompt_and_is_free(alice: User) -> None:
    rule(words="dragon*", message="No dragons.")
    before = alice.wallet.balance
    with pytest.raises(InvalidRequest) as refused:
        submission.submit(order(alice, "two dragons at sea"))
    assert refused.value.errors == {"prompt": ["No dragons."]}
    alice.wallet.refresh_from_db()
    assert (alice.wallet.balance, Generation.objects.count()) == (before, 0)


def test_the_log_names_rule_and_person_and_not_the_prompt(
    alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    broken = rule(words="dragon*")
    with caplog.at_level(logging.INFO), pytest.raises(InvalidRequest):
        submission.submit(order(alice, "two dragons at sea"))
    assert f"rule {broken.pk} refused a prompt of user {alice.pk}" in caplog.text
    assert "dragons" not in caplog.text


def test_a_rule_that_is_off_refuses_nothing(alice: User) -> None:
    rule(words="dragon*", enabled=False)
    assert submission.submit(order(alice, "a dragon"))


def test_a_teams_rule_holds_for_what_the_team_pays_for(alice: User) -> None:
    team = make_team(alice, credits=50)
    rule(words="dragon*", team=team)
    assert submission.submit(order(alice, "a dragon"))
    with pytest.raises(InvalidRequest):
        submission.submit(order(alice, "a dragon", payer=team.wallet))


def test_the_rule_of_a_fresh_installation_is_about_children(alice: User) -> None:
    with pytest.raises(InvalidRequest, match="children"):
        submission.submit(order(alice, "a naked child"))
    assert submission.submit(order(alice, "a child and a naked tree frog".replace("naked ", "")))
    assert submission.submit(order(alice, "a nude by Modigliani"))


@pytest.mark.parametrize(
    ("listed", "prompt", "found"),
    [
        ("fox", "a FOX.", True),
        ("fox", "foxglove", False),
        ("fox*", "foxglove", True),
        ("*glove", "a foxglove", True),
        ("red fox", "a red  \n fox", True),
        ("fox", "f\u200box", True),
        ("fox", "\uff46\uff4f\uff58", True),
        ("straße", "STRASSE", True),
        ("a.c", "abc", False),
        ("dog, fox", "the fox", True),
        ("dog\nfox", "the fox", True),
        ("*, ,", "anything", False),
    ],
)
def test_words_are_found_whole_whatever_hides_them(listed: str, prompt: str, found: bool) -> None:  # noqa: FBT001
    assert breaks(PromptRule(words=listed), prompt) == found


def test_everything_that_a_rule_names_must_be_there() -> None:
    both = PromptRule(words="fox", also="blood*", pattern="wolf|bear")
    assert breaks(both, "a fox, a bear and bloody snow")
    assert not breaks(both, "a fox and bloody snow")
    assert not breaks(PromptRule(), "anything")


@pytest.mark.parametrize(
    "pattern",
    [
        *("(a+)+$", "a*", "(a|a)*b", "(a|aa){0,30}", r"(\w{0,30}){0,5}", r"\w{0,60}\w{0,60}"),
        *("(?=a)b", r"(a)\1", "(", "a{0,9999}", "(((a{0,9}){0,9}){0,9}){0,9}", "x" * 301),
        *("(?>a)b", "a++"),
    ],
)
def test_expressions_that_could_run_for_long_are_refused(pattern: str) -> None:
    with pytest.raises(UnsafePattern):
        safe(pattern)
    with pytest.raises(ValidationError) as refused:
        PromptRule(name="x", words="a", pattern=pattern).full_clean()
    assert "pattern" in refused.value.message_dict


@pytest.mark.parametrize(
    "pattern",
    ["fox|wolf|bear", r"\bcolou?r.{0,20}fox", "[a-z]{2,5} (red|blue) fox", "|".join("ab" * 70)],
)
def test_ordinary_expressions_are_accepted(pattern: str) -> None:
    assert safe(pattern)


def test_a_pattern_that_was_written_past_the_form_is_not_run() -> None:
    assert not breaks(PromptRule(pattern="(a+)+$"), "a" * 60 + "!")


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_list_of_words_and_no_prompt_makes_it_fail(listed: str, prompt: str) -> None:
    assert words(listed)
    assert breaks(PromptRule(words=listed), prompt) in (True, False)


def test_a_rule_must_say_what_to_look_for() -> None:
    with pytest.raises(ValidationError):
        PromptRule(name="x", words=" , *").full_clean()
