"""In which language a prompt is: said by an id of the document, or seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import languages
from generator.catalog import languages as catalog
from generator.contract import ImageRequest, InvalidRequest
from tests.documents import Row, table

ROWS = table("picfinder_languages")
SEEN = [
    ("un phare sur une falaise à l'aube", "fr"),
    ("ein rotes Haus am See im Winter", "de"),
    ("雪の中の狐", "ja"),
    ("雪中的狐狸", "zh"),
    ("눈 속의 여우", "ko"),
    ("ثعلب في الثلج", "ar"),
    ("αλεπού στο χιόνι", "el"),
    ("lis w śniegu", "pl"),
    ("con cáo trong tuyết", "vi"),
    ("(un phare:1.3) sur une falaise [à l'aube] <lora:ink:1>", "fr"),
]
ENGLISH = (
    *("a fox", "fox", "cat", "dragon", "a red house", "steampunk owl", "cyberpunk samurai"),
    *("(fox:1.3), snow, [trees]", "sunset beach palm trees", "portrait of a woman, 8k, cinematic"),
    *("masterpiece, best quality, 1girl, solo", "lighthouse on a cliff at dawn", "8k", "…", ""),
)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_documented_id_names_its_language(row: Row) -> None:
    named = catalog.by_picfinder_id(int(row["id"]))
    assert named
    assert named.code == row["prompt_language"]
    request = ImageRequest(prompt="a", prompt_language=row["prompt_language"])
    assert request.prompt_language == row["prompt_language"]


def test_there_are_as_many_ids_as_the_document_lists() -> None:
    assert {int(row["id"]) for row in ROWS} == {*range(1, 299)} - {193}


@pytest.mark.parametrize("number", [0, 193, 299, -1, "1", True, 1.0])
def test_no_other_id_is_taken(number: object) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        catalog.by_picfinder_id(number)
    assert list(refusal.value.errors) == ["promptLanguageId"]


@pytest.mark.parametrize(("prompt", "code"), SEEN)
def test_null_is_detected(prompt: str, code: str) -> None:
    assert languages.settled(ImageRequest(prompt=prompt)).prompt_language == code


@pytest.mark.parametrize("prompt", ENGLISH)
def test_english_is_never_taken_for_another_language(prompt: str) -> None:
    assert languages.is_english(languages.detect(prompt))


@given(st.text(max_size=2000))
def test_whatever_is_detected_makes_a_valid_request(prompt: str) -> None:
    assert ImageRequest(prompt="a", prompt_language=languages.detect(prompt))


def test_a_language_that_was_said_is_not_detected_again() -> None:
    request = ImageRequest(prompt="un phare sur une falaise", prompt_language="ca")
    assert languages.settled(request).prompt_language == "ca"


def test_a_language_that_was_not_said_is_settled() -> None:
    request = ImageRequest(prompt="un phare sur une falaise")
    assert languages.settled(request).prompt_language == "fr"


@pytest.mark.parametrize(
    ("code", "english"),
    [(None, True), ("en", True), ("en-GB", True), ("enm", False), ("de", False)],
)
def test_what_is_english(code: str | None, *, english: bool) -> None:
    assert languages.is_english(code) is english
