"""What the painter understands of a prompt."""

from __future__ import annotations

import pytest

from generator.engines.sketch.reading import read


def test_a_colour_belongs_to_the_noun_that_follows() -> None:
    reading = read("red house in a green meadow, sunny day")
    assert reading.color("house") == "red"
    assert reading.color("meadow") == "green"
    assert reading.colors == []


def test_a_colour_on_its_own_belongs_to_the_picture() -> None:
    assert read("mountain landscape, teal and orange").colors == ["teal", "orange"]


def test_hair_and_dress_belong_to_the_person() -> None:
    thing = read("portrait of a woman with red hair").things["portrait"]
    assert thing.extra == {"hair": "red"}


def test_numbers_and_plurals_are_counted() -> None:
    assert read("three foxes").things["fox"].count == 3
    assert read("two dogs and a cat").things["cat"].count == 1
    assert read("boats").things["boat"].plural


def test_sides_belong_to_the_thing_named_before() -> None:
    reading = read("a castle on the left, a windmill to the right")
    assert reading.things["castle"].place == "left"
    assert reading.things["windmill"].place == "right"


@pytest.mark.parametrize("prompt", ["a lake without boats", "a lake, no boats"])
def test_negations_in_the_prompt_remove(prompt: str) -> None:
    reading = read(prompt)
    assert "boat" in reading.removed
    assert not reading.has("boat")


def test_a_negation_ends_with_its_clause() -> None:
    assert read("no clouds, a fox").has("fox")


def test_the_negative_prompt_removes_things_times_and_colours() -> None:
    reading = read("a fox at night, blue", "fox, night, blue")
    assert (reading.things, reading.time, reading.colors) == ({}, None, [])


def test_phrases_win_over_their_words() -> None:
    reading = read("northern lights and a hot air balloon")
    assert list(reading.things) == ["aurora", "balloon"]


def test_one_bird_is_near_and_many_are_far() -> None:
    assert read("a bird on a branch").has("songbird")
    assert read("birds over the ocean").has("birds")


def test_words_without_meaning_are_reported() -> None:
    assert read("a beautiful fox, entangled zorgle").unknown == ["entangled", "zorgle"]


def test_weights_and_brackets_are_not_words() -> None:
    assert read("((fox:1.3)), [lake]").kinds() == ["fox", "lake"]
