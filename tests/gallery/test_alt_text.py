"""Alternative texts: what of a prompt is read aloud, and which words never are."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from gallery import alt_text
from tests.factories import make_asset

WORDS = [
    line
    for line in Path(alt_text.__file__).with_name("sensitive_words.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
READ = [
    ("country house on top of a hill, idyllic", "country house on top of a hill, idyllic"),
    ("a nude woman, oil painting", "a woman, oil painting"),
    ("Nude, NAKED, sexy. A fox", "A fox"),
    ("a fox, nude, in snow", "a fox, in snow"),
    ("nudes", ""),
    ("a fox's den", "a fox's den"),
    ("Essex in spring, Middlesex, a cockatoo", "Essex in spring, Middlesex, a cockatoo"),
    ("(a red fox:1.3), [snow], {trees|hills} <lora:ink:0.8>", "a red fox, snow, trees hills"),
    ("one\ntwo\t three", "one two three"),
    ("雪の中の狐", "雪の中の狐"),
    ("at 12:30, f/1.8", "at 12:30, f/1.8"),
    ("", ""),
]


@pytest.mark.parametrize(("prompt", "text"), READ)
def test_a_prompt_is_made_fit_to_be_read(prompt: str, text: str) -> None:
    assert alt_text.of_prompt(prompt) == text


@pytest.mark.parametrize("word", WORDS)
def test_no_word_of_the_list_comes_through(word: str) -> None:
    for form in (word, word.upper(), f"{word}s", f"({word}:1.2)", f"a-{word}-b"):
        assert word not in alt_text.of_prompt(f"a fox, {form}, snow").casefold()


@given(st.text())
def test_it_is_one_short_line_whatever_the_prompt(prompt: str) -> None:
    text = alt_text.of_prompt(prompt)
    assert len(text) <= alt_text.LONGEST
    assert text == " ".join(text.split())


def test_a_long_prompt_ends_after_a_whole_word() -> None:
    text = alt_text.of_prompt("lighthouse " * 40)
    assert text.endswith("lighthouse…")


@pytest.mark.django_db
def test_a_name_that_somebody_gave_is_the_better_text(alice: User) -> None:
    assert alt_text.of_asset(make_asset(alice, prompt="a fox", name="Reynard")) == "Reynard"


@pytest.mark.django_db
def test_pages_say_it_of_their_pictures(alice: User, client: Client) -> None:
    asset = make_asset(alice, prompt="a nude woman, oil painting", public=True)
    assert b'alt="a woman, oil painting"' in client.get(asset.get_absolute_url()).content
