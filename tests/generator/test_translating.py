"""Prompts in English before they are painted, by a server that speaks as LibreTranslate does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from gallery.models import Asset
from generator import translating
from generator.catalog import languages as catalog
from generator.contract import ImageRequest
from tests.generator.orders import run_all, submit

WORDS = {"ein rotes Haus": "a red house", "Nebel": "fog", "一座红房子": "a red house"}


@dataclass
class Translator:
    """What LibreTranslate answers: by its languages, with its errors."""

    known: set[str] = field(default_factory=lambda: {"de", "fr", "zh-Hans", "nb"})
    key: str = ""
    answer: Any = None
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def say(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.asked.append(body)
        if path != "/translate":
            return 404, {"error": "Not found"}
        if self.key != body.get("api_key", ""):
            return 403, {"error": "Invalid API key"}
        if body["source"] not in self.known:
            return 400, {"error": f"{body['source']} is not supported"}
        if self.answer is not None or self.status != 200:
            return self.status, self.answer
        return 200, {"translatedText": [WORDS.get(text, text) for text in body["q"]]}


@pytest.fixture
def translator(settings: Settings) -> Iterator[Translator]:
    made = Translator()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, said = made.say(self.path, body)
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        settings.TRANSLATE_URL = made.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield made
        server.shutdown()


def german(**fields: Any) -> ImageRequest:
    return ImageRequest(prompt="ein rotes Haus", prompt_language="de", **fields)


def test_both_prompts_are_put_into_english_at_once(translator: Translator) -> None:
    worded = translating.in_english(german(negative_prompt="Nebel"))
    assert (worded.request.prompt, worded.request.negative_prompt) == ("a red house", "fog")
    assert len(translator.asked) == 1
    assert worded.notes["translated_prompt"] == "a red house"


@pytest.mark.parametrize("language", [None, "en", "en-GB"])
def test_english_and_what_is_not_known_stay_as_they_are(
    translator: Translator, language: str | None
) -> None:
    request = ImageRequest(prompt="a red house", prompt_language=language)
    assert translating.in_english(request) == translating.Worded(request)
    assert translator.asked == []


def test_without_a_translator_nothing_changes(settings: Settings) -> None:
    settings.TRANSLATE_URL = ""
    assert translating.in_english(german()) == translating.Worded(german())


def test_a_language_has_another_name_there(translator: Translator) -> None:
    request = ImageRequest(prompt="一座红房子", prompt_language="zh")
    assert translating.in_english(request).request.prompt == "a red house"
    assert translator.asked[0]["source"] == "zh-Hans"


def test_what_it_does_not_know_by_name_it_is_to_find_out(translator: Translator) -> None:
    translator.known = {"auto"}
    assert translating.in_english(german()).request.prompt == "a red house"
    assert [body["source"] for body in translator.asked] == ["de", "auto"]


def test_the_key_goes_along(translator: Translator, settings: Settings) -> None:
    translator.key = settings.TRANSLATE_KEY = "open sesame"
    assert translating.in_english(german()).request.prompt == "a red house"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        *((429, {"error": "slowdown"}), (500, {"error": "x"}), (403, {"error": "key"})),
        *((200, []), (200, {}), (200, {"translatedText": None}), (200, {"translatedText": "x"})),
        *((200, {"translatedText": []}), (200, {"translatedText": [" "]}), (400, {"error": "?"})),
        (200, {"translatedText": ["\x00"]}),
    ],
)
def test_a_translator_that_fails_leaves_the_prompt_and_says_so(
    translator: Translator, status: int, answer: object
) -> None:
    translator.status, translator.answer = status, answer
    worded = translating.in_english(german())
    assert worded.request == german()
    assert worded.notes["translation"].startswith("none: The translator")


def test_a_translator_that_is_not_there_leaves_the_prompt(settings: Settings) -> None:
    settings.TRANSLATE_URL = "http://127.0.0.1:9"
    worded = translating.in_english(german())
    assert worded.request == german()
    assert worded.notes == {"translation": "none: The translator could not be reached."}


@pytest.mark.django_db
def test_the_picture_keeps_the_prompt_as_it_was_written(
    alice: User, translator: Translator
) -> None:
    submit(alice, prompt="ein rotes Haus", prompt_language="de")
    run_all()
    asset = Asset.objects.get()
    assert asset.prompt == asset.recipe["request"]["prompt"] == "ein rotes Haus"
    assert asset.recipe["translated_prompt"] == "a red house"
    assert asset.recipe["translation"] == "from de"


def test_every_language_of_the_document_has_a_name_to_ask_with() -> None:
    for language in catalog.PICFINDER:
        asked = list(translating.codes(language.code))
        assert asked[-1] == "auto"
        assert all(asked)
