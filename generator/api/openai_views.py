"""OpenAI Images where it is more than a question and an answer: events while it is painted."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from accounts.api.answers import dress
from generator import watching
from generator.api import foreign
from generator.dialects import Problem, Result, openai_images
from generator.models import Generation, Preview
from generator.models.status import UNFINISHED
from generator.results import result_of, with_files

#: Seconds without an event after which something is sent; proxies cut after a minute.
SILENCE = 15.0


@csrf_exempt
@login_not_required
async def generate(request: HttpRequest) -> HttpResponseBase:
    """Pictures by the prompt alone."""
    return await foreign.reply(request, openai_images, foreign.begin, stream)


def stream(request: HttpRequest, generation: Generation) -> HttpResponseBase | None:
    """The answer in events, where they were asked for."""
    most = generation.wire.get("stream")
    if most is None:
        return None
    response = StreamingHttpResponse(_events(generation, most), content_type="text/event-stream")
    dress(request, response)
    for name, value in foreign.ANY_ORIGIN.items():
        response[name] = value
    # Else nginx holds the events back.
    response["X-Accel-Buffering"] = "no"
    return response


async def _events(generation: Generation, most: int) -> AsyncIterator[bytes]:
    """At most so many unfinished pictures, then the finished ones, or an error."""
    deadline = time.monotonic() + foreign.LONGEST_WAIT
    shown: list[bytes] = []
    while (left := deadline - time.monotonic()) > 0:
        revision, image = await sync_to_async(_look)(generation)
        if image and image not in shown[-1:] and len(shown) < most:
            shown.append(image)
            yield await sync_to_async(_partial)(generation, image, len(shown) - 1)
        if revision is None:
            break
        if not await watching.changed({generation.pk: revision}, min(left, SILENCE)):
            # A comment, which clients pass over, and proxies take for life.
            yield b": painting\n\n"
    for event in await sync_to_async(_finished)(generation):
        yield event


def _look(generation: Generation) -> tuple[int | None, bytes]:
    """Its revision while it is unfinished, and what it looks like."""
    row = Generation.objects.filter(pk=generation.pk, status__in=UNFINISHED)
    revision = row.values_list("revision", flat=True).first()
    image = Preview.objects.filter(pk=generation.pk).values_list("image", flat=True).first()
    return revision, bytes(image or b"")


def _partial(generation: Generation, image: bytes, index: int) -> bytes:
    result = result_of(generation.pk, generation.owner)
    if result is None:
        return b""
    return _sent(openai_images.partial(result, base64.b64encode(image).decode(), index))


def _finished(generation: Generation) -> list[bytes]:
    found = foreign.outcome(openai_images, generation)
    if isinstance(found, Problem):
        _, body = openai_images.refuse(found)
        return [_sent({"type": "error", **body})]
    # Events hold the files, whatever was asked for.
    return list(_pictures(found if openai_images.embeds(found) else with_files(found)))


def _pictures(result: Result) -> Iterator[bytes]:
    for picture in result.pictures:
        yield _sent(openai_images.completed(result, picture))


def _sent(data: dict[str, Any]) -> bytes:
    """One server-sent event, named by its type."""
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()
