"""Where the painter puts what was asked for."""

from __future__ import annotations

from generator.engines.sketch import words
from generator.engines.sketch.noise import Streams
from generator.engines.sketch.pen import shapes
from generator.engines.sketch.placing import SIZES
from generator.engines.sketch.reading import read
from generator.engines.sketch.scene import Placed, Scene, plan
from tests.generator.sketch.looking import SEEDS, paint


def scene(prompt: str, seed: int = 1) -> Scene:
    return plan(read(prompt), Streams(seed, prompt), 1.0, 7.0)


def placed(prompt: str, shape: str, seed: int = 1) -> Placed:
    return next(p for p in scene(prompt, seed).placed if p.shape == shape)


def test_whatever_stands_somewhere_has_a_size_and_a_shape() -> None:
    assert set(words.PROPS) <= set(SIZES)
    assert set(SIZES) | set(words.ANIMALS) | set(words.STILL) <= set(shapes())


def test_it_knows_more_than_a_hundred_kinds() -> None:
    assert len(words.THINGS) > 100


def test_a_rider_sits_on_the_beast_and_is_drawn_before_it() -> None:
    riding = scene("an astronaut riding a horse")
    assert [hero.shape for hero in riding.subjects] == ["astronaut", "horse"]
    assert riding.subjects[0].lift > 0
    assert riding.placed == []


def test_whoever_stands_by_an_umbrella_holds_it() -> None:
    walk = scene("a girl with a red umbrella in the rain")
    girl, umbrella = (next(p for p in walk.placed if p.shape == s) for s in ("woman", "umbrella"))
    assert abs(girl.x / girl.z - umbrella.x / umbrella.z) < 0.01
    assert umbrella.z > girl.z


def test_people_on_a_beach_stand_on_its_sand() -> None:
    for seed in SEEDS:
        beach = scene("three people walking on the beach", seed)
        assert beach.land.sea is not None
        assert all(person.z < beach.land.sea for person in beach.placed)


def test_a_bridge_spans_its_river() -> None:
    assert scene("a stone bridge").land.river
    assert "rock" not in read("a stone bridge").things


def test_a_beast_leaves_the_view_of_a_building_free() -> None:
    for seed in SEEDS:
        view = scene("a dragon and a castle", seed)
        assert view.subjects[0].x * view.placed[0].x < 0


def test_a_chosen_style_wins_over_the_words() -> None:
    named, chosen = paint("pixel art of a fox"), paint("pixel art of a fox", "line-art")
    assert (named == paint("pixel art of a fox", "pixel-art")).all()
    assert (named != chosen).any()


def test_a_beast_wears_its_crown() -> None:
    crowned = scene("a lion wearing a crown")
    assert crowned.kind == "land"
    lion, crown = crowned.subjects
    assert (lion.x, crown.x) == (0.0, 0.0)
    assert crown.lift * crown.size > 0.8 * lion.size


def test_one_flower_is_near_and_a_field_is_wide() -> None:
    assert scene("a rose").kind == "still"
    assert scene("a field of roses").kind == "land"
    assert scene("roses").flowers == ["rose"]


def test_a_garden_has_flowers() -> None:
    assert scene("a house with a garden").flowers == ["flower"]
