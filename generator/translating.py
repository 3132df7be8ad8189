"""Putting a prompt into English before an engine sees it, where the operator has a translator.

`TRANSLATE_URL` names a server that speaks LibreTranslate's `POST /translate`. It belongs to the
operator, like the database, so the guard for addresses that others name is not asked. What
people see and repeat is the prompt as it was written; what was painted from stands in the
recipe. A translator that fails stops nothing: the prompt is painted as it is, and the recipe
says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from django.conf import settings

from generator import languages
from generator.contract import MAX_PROMPT, ImageRequest, InvalidRequest

logger = logging.getLogger("limner.translating")

#: Seconds for a connection; TRANSLATE_SECONDS is for the answer.
CONNECT = 3.0
#: Codes of ours that LibreTranslate has under another name, the newer spelling first.
_THEIRS: Mapping[str, tuple[str, ...]] = {
    "zh": ("zh-Hans", "zh"),
    "zh-TW": ("zh-Hant", "zt"),
    "zh-HK": ("zh-Hant", "zt"),
    "zh-MO": ("zh-Hant", "zt"),
    "zh-Hant": ("zh-Hant", "zt"),
    "pt-BR": ("pt-BR", "pt"),
    "no": ("nb",),
    "nn": ("nb",),
    "fil": ("tl",),
    "nl-BE": ("nl",),
}


class NotTranslated(Exception):
    """Why, in one sentence."""


@dataclass(frozen=True)
class Worded:
    """A request as an engine is to see it, and what its recipe must say about that."""

    request: ImageRequest
    notes: Mapping[str, str] = field(default_factory=dict)


def in_english(request: ImageRequest) -> Worded:
    """`request` with its prompts in English, as far as that is possible here."""
    if not settings.TRANSLATE_URL or languages.is_english(request.prompt_language):
        return Worded(request)
    try:
        return _translated(request)
    except NotTranslated as reason:
        logger.warning("painted untranslated (%s): %s", request.prompt_language, reason)
        return Worded(request, {"translation": f"none: {reason}"})


def _translated(request: ImageRequest) -> Worded:
    prompts = [text for text in (request.prompt, request.negative_prompt) if text.strip()]
    said = [text[:MAX_PROMPT] for text in _ask(prompts, str(request.prompt_language))]
    negative = said[1] if len(said) > 1 else request.negative_prompt
    notes = {"translation": f"from {request.prompt_language}", "translated_prompt": said[0]}
    if negative:
        notes["translated_negative_prompt"] = negative
    try:
        return Worded(replace(request, prompt=said[0], negative_prompt=negative), notes)
    except InvalidRequest:
        raise NotTranslated("The translator answered with something that is no prompt.") from None


def codes(language: str) -> Iterator[str]:
    """What LibreTranslate may call `language`; in the end it is to find out by itself."""
    base = language.partition("-")[0]
    yield from _THEIRS.get(language) or _THEIRS.get(base) or (base,)
    yield "auto"


def _ask(prompts: list[str], language: str) -> list[str]:
    with _client() as client:
        for code in codes(language):
            answer = _post(client, prompts, code)
            # It does not know this language, or not by this name.
            if answer.status_code != httpx.codes.BAD_REQUEST:
                return _texts(answer, len(prompts))
    raise NotTranslated(f"The translator does not know the language {language}.")


def _client() -> httpx.Client:
    timeout = httpx.Timeout(settings.TRANSLATE_SECONDS, connect=CONNECT)
    return httpx.Client(timeout=timeout, trust_env=False, headers={"User-Agent": "Limner"})


def _post(client: httpx.Client, prompts: list[str], code: str) -> httpx.Response:
    body: dict[str, Any] = {"q": prompts, "source": code, "target": "en", "format": "text"}
    if settings.TRANSLATE_KEY:
        body["api_key"] = settings.TRANSLATE_KEY
    try:
        return client.post(f"{settings.TRANSLATE_URL}/translate", json=body)
    except httpx.TimeoutException:
        raise NotTranslated("The translator did not answer in time.") from None
    except httpx.HTTPError:
        raise NotTranslated("The translator could not be reached.") from None


def _texts(answer: httpx.Response, count: int) -> list[str]:
    if answer.status_code != httpx.codes.OK:
        raise NotTranslated(f"The translator refused ({answer.status_code}).")
    try:
        texts = answer.json()["translatedText"]
    except (ValueError, LookupError, TypeError, RecursionError):
        texts = None
    fits = isinstance(texts, list) and len(texts) == count
    if not fits or not all(isinstance(text, str) and text.strip() for text in texts):
        raise NotTranslated("The translator answered with something unexpected.")
    return [text.strip() for text in texts]
