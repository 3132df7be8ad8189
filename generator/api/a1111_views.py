"""The web UI's API besides making pictures from words: pictures, progress, options, lists.

A key's owner has a web UI of their own here: one queue, of which `progress` tells and
`interrupt` stops what is being painted, and one set of options.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from PIL import Image

from accounts.api.access import admit
from accounts.api.answers import answer, refusal
from accounts.api.reading import read_any_object
from accounts.models import ApiKey, Scope, User
from generator.api import foreign, pictures
from generator.api.problems import FAULTS, headers_of, problem_of
from generator.contract import InvalidRequest
from generator.dialects import Foreign, a1111, a1111_words
from generator.models import EngineModel, Generation, Preview
from generator.results import result_of

#: Seconds for which chosen options are remembered. They may be forgotten before.
REMEMBERED = 30 * 86400
CHECKPOINT, LAYERS = "sd_model_checkpoint", "CLIP_stop_at_last_layers"
#: What says nothing in a request for pictures from words, or something else in another API.
_NO_WORDS = ("init_images", "mask", "model")
Does = Callable[[HttpRequest, User], Any]


@csrf_exempt
@login_not_required
async def txt2img(request: HttpRequest) -> HttpResponseBase:
    """Pictures by the prompt alone."""
    return await foreign.reply(request, a1111, _from_words)


@csrf_exempt
@login_not_required
async def img2img(request: HttpRequest) -> HttpResponseBase:
    """Pictures from a picture, where the model can."""
    return await foreign.reply(request, a1111, _from_pictures)


def serve(**methods: tuple[Scope, Does]) -> Callable[[HttpRequest], HttpResponse]:
    """A view that answers with what the function for its method gives: `GET=(scope, function)`."""

    @csrf_exempt
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return answer(request, None, 204, foreign.PREFLIGHT)
        try:
            foreign.only(request, *methods)
            scope, does = methods[request.method or ""]
            data = does(request, _key(request, scope).user)
        except FAULTS as error:
            return foreign.refused(request, a1111, problem_of(error), headers_of(error))
        return answer(request, data, 200, foreign.ANY_ORIGIN)

    return view


@csrf_exempt
@login_not_required
def missing(request: HttpRequest, rest: str) -> HttpResponse:
    """404 for what is not served of that API."""
    problem = problem_of(refusal(404, "Not Found"))
    return foreign.refused(request, a1111, problem, {})


def progress(request: HttpRequest, user: User) -> dict[str, Any]:
    """How far the picture is that is being painted, and what it looks like."""
    current = _current(user)
    result = result_of(current.pk, user) if current else None
    if current is None or result is None:
        return a1111_words.progress(None, "", 0.0)
    silent = request.GET.get("skip_current_image", "").lower() in {"true", "1", "yes", "on"}
    elapsed = timezone.now() - (current.started_at or current.created_at)
    preview = "" if silent else _preview(current)
    return a1111_words.progress(result, preview, elapsed.total_seconds())


def interrupt(request: HttpRequest, user: User) -> dict[str, Any]:
    """Stop what `progress` tells of; pictures that are finished by then are delivered."""
    if current := _current(user):
        current.cancel()
    return {}


def options(request: HttpRequest, user: User) -> dict[str, Any]:
    """The options that mean something here."""
    models = _models(user)
    chosen = _chosen(user)
    model = chosen.get(CHECKPOINT)
    return {
        "samples_format": "png",
        CHECKPOINT: model if model in models else next(iter(models), ""),
        "sd_checkpoint_hash": "",
        "sd_vae": "Automatic",
        LAYERS: chosen.get(LAYERS, 1),
    }


def choose_options(request: HttpRequest, user: User) -> None:
    """Keep the model and the CLIP layers; all else is passed over."""
    sent = read_any_object(request)
    settings = a1111.settings({"override_settings": sent})
    chosen = _chosen(user)
    if "model" in settings:
        if settings["model"] not in _models(user):
            raise InvalidRequest({CHECKPOINT: ["There is no such model."]})
        chosen[CHECKPOINT] = settings["model"]
    if "clip_skip" in settings:
        chosen[LAYERS] = settings["clip_skip"] + 1
    cache.set(_cache_key(user), chosen, REMEMBERED)


def models(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """The models that are offered, the default first."""
    return a1111_words.model_list(_models(user))


def _from_words(request: HttpRequest, dialect: Foreign) -> Generation:
    foreign.only(request, "POST")
    key = _key(request, Scope.GENERATE)
    payload = _with_options(key.user, read_any_object(request))
    return foreign.order(request, dialect, key, payload)


def _from_pictures(request: HttpRequest, dialect: Foreign) -> Generation:
    foreign.only(request, "POST")
    key = _key(request, Scope.GENERATE)
    sent = read_any_object(request, most=pictures.LARGEST_BODY)
    initial, mask = sent.get("init_images"), sent.get("mask")
    if not initial or not isinstance(initial, list):
        raise refusal(404, "Init image not found")
    if len(initial) > 1:
        raise InvalidRequest({"init_images": ["One picture at a time."]})
    if mask is not None and sent.get("inpainting_mask_invert"):
        raise InvalidRequest({"inpainting_mask_invert": ["Send the mask with white for changes."]})
    taken = _taken(key.user, "init_images", initial[0])
    given: dict[str, Any] = {"init_images": [taken]}
    if mask is not None:
        given["mask"] = _taken(key.user, "mask", mask)
    return foreign.order(request, dialect, key, {**_with_options(key.user, sent), **given})


def _key(request: HttpRequest, scope: Scope) -> ApiKey:
    key = admit(request, a1111.token(request.headers, {}), scope)
    if key is None:
        challenge = {"WWW-Authenticate": 'Basic realm="API key as password"'}
        raise refusal(401, "No usable API key.", challenge)
    return key


def _with_options(user: User, payload: Mapping[str, Any]) -> dict[str, Any]:
    """`payload` with the chosen options where it names no others."""
    words = {name: value for name, value in payload.items() if name not in _NO_WORDS}
    sent = payload.get("override_settings")
    if sent is not None and not isinstance(sent, dict):
        return words
    named = {name: value for name, value in (sent or {}).items() if value is not None}
    return {**words, "override_settings": {**_chosen(user), **named}}


def _taken(user: User, field: str, text: object) -> str:
    """The id of the picture that `text` is in base64, kept for `user`."""
    return str(pictures.taken(user, field, pictures.decoded(field, text)).pk)


def _current(user: User) -> Generation | None:
    """What is being painted, or else will be next."""
    mine = Generation.objects.of(user).unfinished().filter(dialect=a1111.name)
    # "running" comes after "queued".
    return mine.order_by("-status", "created_at").first()


def _preview(generation: Generation) -> str:
    """What it looks like, as a PNG in base64; "" while there is nothing to see."""
    image = Preview.objects.filter(pk=generation.pk).values_list("image", flat=True).first()
    if not image:
        return ""
    found = io.BytesIO()
    Image.open(io.BytesIO(image)).save(found, "PNG")
    return base64.b64encode(found.getvalue()).decode()


def _models(user: User) -> list[str]:
    return list(EngineModel.objects.offered_to(user).values_list("slug", flat=True))


def _chosen(user: User) -> dict[str, Any]:
    return dict(cache.get(_cache_key(user)) or {})


def _cache_key(user: User) -> str:
    return f"a1111-options:{user.pk}"
