"""What the form offers: ratios at three scales, styles with words, samplers, languages."""

import re

import pytest

from generator import catalog
from generator.catalog import ratios, samplers, styles
from generator.catalog.languages import PICFINDER, Language
from generator.contract import ImageRequest

SIZES = [(ratio, scale) for ratio in catalog.RATIOS for scale in ratios.SCALES]


@pytest.mark.parametrize(("ratio", "scale"), SIZES)
def test_every_ratio_at_every_scale_makes_a_valid_request(ratio: ratios.Ratio, scale: str) -> None:
    width, height = ratio.size(scale)
    assert ImageRequest(prompt="a", width=width, height=height)
    assert width / height == ratio.width / ratio.height


@pytest.mark.parametrize(("ratio", "scale"), SIZES)
def test_a_size_leads_back_to_the_choices_that_made_it(ratio: ratios.Ratio, scale: str) -> None:
    assert ratios.by_size(*ratio.size(scale)) == (ratio, scale)


def test_a_size_that_no_choice_makes_is_no_ratio() -> None:
    assert ratios.by_size(1024, 1032) is None


def test_the_word_for_a_ratio_fits_its_sides() -> None:
    for ratio in catalog.RATIOS:
        longer = {"square": 0, "portrait": -1, "landscape": 1}[ratio.orientation]
        assert (ratio.width > ratio.height) - (ratio.width < ratio.height) == longer


def test_no_style_leaves_both_prompts_alone() -> None:
    assert styles.by_slug("none").dress("a boat", "fog") == ("a boat", "fog")


def test_a_style_adds_its_words_to_both_prompts() -> None:
    style = styles.by_slug("line-art")
    assert style.dress("a boat") == (f"a boat, {style.words}", style.unwanted)


def test_every_style_but_none_has_words_of_its_own() -> None:
    dressed = [style for style in catalog.STYLES if style.slug != "none"]
    assert all(style.words and style.unwanted for style in dressed)
    assert len({style.words for style in dressed}) == len(dressed)


def test_no_sampler_on_offer_is_one_that_cannot_paint_from_text() -> None:
    offered = {sampler.slug for sampler in catalog.SAMPLERS}
    assert offered.isdisjoint(samplers.REFUSED)
    assert offered | set(samplers.REFUSED) == {sampler.slug for sampler in samplers.ALL}


def test_schedulers_that_cannot_paint_from_text_say_why() -> None:
    refused = {samplers.by_picfinder_id(number).slug for number in (3, 11, 14, 16, 19, 21)}
    assert set(samplers.REFUSED) == refused
    assert all(reason.endswith(".") for reason in samplers.REFUSED.values())


@pytest.mark.parametrize("language", PICFINDER, ids=lambda language: str(language.picfinder_id))
def test_a_country_in_a_languages_name_is_the_region_of_its_code(language: Language) -> None:
    country = re.search(r"\(([A-Z]{2})\)", language.name)
    region = re.search(r"-([A-Z]{2})$", language.code)
    spoken_in = {"Moldavian": "MD", "Moldavian; Moldovan": "MD", "Flemish": "BE"}
    expected = country[1] if country else spoken_in.get(language.name)
    assert (region[1] if region else None) == expected


def test_languages_are_listed_once_each_and_by_name() -> None:
    codes = [language.code for language in catalog.LANGUAGES]
    assert len(codes) == len(set(codes)) == len({language.code for language in PICFINDER})
    assert [one.name for one in catalog.LANGUAGES] == sorted(one.name for one in catalog.LANGUAGES)
