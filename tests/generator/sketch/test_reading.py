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


@pytest.mark.parametrize(
    ("prompt", "style"),
    [
        ("isometric coffee shop", "isometric"),
        ("pixel art of a knight", "pixel-art"),
        ("a photo of a cat", "photographic"),
        ("a cat", None),
    ],
)
def test_a_prompt_may_name_the_kind_of_picture(prompt: str, style: str | None) -> None:
    assert read(prompt).style == style


@pytest.mark.parametrize("prompt", ["the eiffel tower in paris", "santa claus", "a bus"])
def test_an_s_at_the_end_does_not_always_mean_several(prompt: str) -> None:
    assert not any(thing.plural for thing in read(prompt).things.values())


def test_who_is_busy_or_somewhere_is_drawn_whole() -> None:
    assert read("a woman walking in the rain").has("person")
    assert read("a boy on a bridge").has("person")
    assert read("a woman with red hair").has("portrait")
    assert read("portrait of a woman, mountains").has("portrait")


@pytest.mark.parametrize("prompt", ["an astronaut on a horse", "a knight riding a dragon"])
def test_a_rider_is_told_from_a_companion(prompt: str) -> None:
    assert read(prompt).astride
    assert not read("an astronaut and a horse").astride


def test_an_old_sitter_is_noticed() -> None:
    assert "old" in read("portrait of an old sailor").moods
