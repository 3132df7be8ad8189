"""ModelsLab where it is more than a question and an answer: fetching, and its server's buttons."""

from __future__ import annotations

import asyncio
import base64
import time
import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounts.api.access import require
from accounts.api.answers import answer, missing, refusal
from accounts.api.reading import read_any_object
from accounts.models import Scope, User
from gallery import files
from gallery.models import Asset
from generator import buckets
from generator.api import foreign
from generator.api.problems import FAULTS, GONE, headers_of, problem_of, problem_of_failure
from generator.catalog.limits import unquoted
from generator.contract import InvalidRequest
from generator.dialects import Result, modelslab, modelslab_bucket
from generator.models import EngineModel, Generation, Status
from generator.results import result_of
from generator.waiting import until_finished
from generator.webhooks import managing

#: Seconds until a program is told to fetch instead.
PATIENCE = 60.0
#: Seconds between looks at pictures on their way into a bucket.
LOOK_EVERY = 0.5
_UNKNOWN = "No request of yours has this id."

Body = dict[str, Any]
Telling = Callable[[User, Mapping[str, Any], str], Body]


@csrf_exempt
@login_not_required
async def generate(request: HttpRequest) -> HttpResponse:
    """Pictures, or the number to fetch them by: at once where asked for, else in a minute."""
    if request.method == "OPTIONS":
        return answer(request, None, 204, foreign.PREFLIGHT)
    try:
        generation = await sync_to_async(_begin)(request)
        if not generation.wire.get("instant_response"):
            await _until_ready(generation)
        return await sync_to_async(_first_answer)(request, generation)
    except FAULTS as error:
        return _refused(request, error)


def _begin(request: HttpRequest) -> Generation:
    """Queue what the body asks for, and decide what becomes of its pictures.

    Refused when it wants to be told where we never go.
    """
    hook = read_any_object(request).get("webhook") if request.method == "POST" else None
    if isinstance(hook, str) and hook.startswith("http"):
        try:
            managing.check_url(hook)
        except managing.BadAddress as error:
            raise InvalidRequest({"webhook": [str(error)]}) from None
    # Together, or a worker could end it before anybody knows where its pictures go.
    with transaction.atomic():
        generation = foreign.begin(request, modelslab)
        buckets.settle(generation)
    return generation


async def _until_ready(generation: Generation) -> None:
    """Wait for the end, and for the first try to bring the pictures into their bucket."""
    end = time.monotonic() + PATIENCE
    await until_finished(generation.pk, PATIENCE)
    while generation.wire.get("bucket") and time.monotonic() < end:
        if not await sync_to_async(buckets.on_their_way)(generation.pk):
            return
        await asyncio.sleep(LOOK_EVERY)


def _first_answer(request: HttpRequest, generation: Generation) -> HttpResponse:
    result = result_of(generation.pk, generation.owner)
    if result and result.pictures and result.finished_at and not _is_sending(result):
        told = modelslab.write(buckets.at_home(result))
        return answer(request, told, 200, foreign.headers_beside(result))
    return answer(request, _state(result), 200, foreign.ANY_ORIGIN)


def _state(result: Result | None) -> Body:
    """What became of it, for who has its number."""
    if result is None:
        return modelslab.refuse(GONE)[1]
    if result.finished_at is None or _is_sending(result):
        return modelslab.processing(result, settings.BASE_URL)
    if result.pictures:
        return modelslab.fetched(buckets.at_home(result))
    _, body = modelslab.refuse(problem_of_failure(result))
    return {**body, "id": modelslab.number(result.id)}


def _is_sending(result: Result) -> bool:
    return bool(result.wire.get("bucket")) and buckets.on_their_way(result.id)


def _fetch(user: User, payload: Mapping[str, Any], sent: str) -> Body:
    """The state of the request that the address or `request_id` names."""
    wanted = unquoted(sent or payload.get("request_id"))
    span = modelslab.ids(wanted) if type(wanted) is int else None
    found = Generation.objects.of(user).filter(pk__range=span).first() if span else None
    if found is None:
        raise refusal(404, _UNKNOWN)
    return _state(result_of(found.pk, user))


def _clear_queue(user: User, payload: Mapping[str, Any], sent: str) -> Body:
    waiting = Generation.objects.of(user).filter(dialect=modelslab.name, status=Status.QUEUED)
    stopped = sum(generation.cancel() for generation in waiting.select_related("payer"))
    return _done(f"Queue cleared: {stopped} of your requests were stopped and refunded.")


def _clear_cache(user: User, payload: Mapping[str, Any], sent: str) -> Body:
    return _done("Cache cleared successfully")


def _restart(user: User, payload: Mapping[str, Any], sent: str) -> Body:
    return _done("Nothing to do: this server is shared, and restarted by whoever runs it.")


def _update(user: User, payload: Mapping[str, Any], sent: str) -> Body:
    return _done("Nothing to do: this server is shared, and updated by whoever runs it.")


def _details(user: User, payload: Mapping[str, Any], sent: str) -> Body:
    waiting = Generation.objects.filter(status=Status.QUEUED).count()
    models = EngineModel.objects.offered_to(user).count()
    return {"model_count": models, "queue_time": 2 * waiting, "status": "ok"}


def _set_bucket(user: User, payload: Mapping[str, Any], sent: str) -> Body:
    values = modelslab_bucket.read(payload)
    buckets.check(values)
    buckets.fill(user, values)
    return _done("S3 details updated successfully")


def _reset_bucket(user: User, payload: Mapping[str, Any], sent: str) -> Body:
    if errors := modelslab_bucket.check_type(payload):
        raise InvalidRequest(errors)
    buckets.forget(user)
    return _done("S3 details reset successfully")


def _done(message: str) -> Body:
    return {"status": "success", "message": message}


def _telling(tell: Telling, scope: Scope = Scope.GENERATE) -> Callable[..., HttpResponse]:
    """The view that gives what `tell` says to the owner of the key in the body.

    The key may generate, and has `scope` besides.
    """

    @csrf_exempt
    @login_not_required
    @wraps(tell)
    def view(request: HttpRequest, sent: str = "") -> HttpResponse:
        if request.method == "OPTIONS":
            return answer(request, None, 204, foreign.PREFLIGHT)
        try:
            foreign.only(request, "POST")
            key = foreign.key_in(request, modelslab)
            require(key, scope)
            told = tell(key.user, read_any_object(request), sent)
            return answer(request, told, 200, foreign.ANY_ORIGIN)
        except FAULTS as error:
            return _refused(request, error)

    return view


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return foreign.refused(request, modelslab, problem_of(error), headers_of(error))


@login_not_required
@require_safe
def encoded(request: HttpRequest, asset_id: uuid.UUID, key: str) -> HttpResponse:
    """A picture's file as base64, for who has the link to it."""
    signed_for = files.read_signature(asset_id, files.ORIGINAL, key)
    viewer = User.objects.filter(pk=signed_for or 0, is_active=True).first() or AnonymousUser()
    asset = Asset.objects.visible_to(viewer).filter(pk=asset_id).first()
    try:
        if asset is None:
            raise FileNotFoundError
        with files.open_file(asset.file) as file:
            text = base64.b64encode(file.read())
    except FileNotFoundError:
        return missing(request)
    headers = {"Cache-Control": "private, no-store", **foreign.ANY_ORIGIN}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


#: The buttons of a server of one's own; its Python client calls the last one `update`.
BUTTONS: dict[str, Telling] = {
    "clear_cache": _clear_cache,
    "clear_queue": _clear_queue,
    "restart_server": _restart,
    "system_details": _details,
    "update_server": _update,
    "update": _update,
}


def _below(root: str) -> list[URLPattern]:
    place, fetch = root[1:], _telling(_fetch)
    found = [path(f"{place}/fetch", fetch), path(f"{place}/fetch/<str:sent>", fetch)]
    if "enterprise" in root:
        found += [path(f"{place}/{name}", _telling(tell)) for name, tell in BUTTONS.items()]
    return found


#: Everything but the path of the dialect itself, which `generator.api.urls` makes.
urlpatterns = [
    *(path(other[1:], generate) for other in sorted(modelslab.PATHS - {modelslab.path})),
    *(pattern for root in modelslab.ROOTS for pattern in _below(root)),
    path("api/v1/enterprise/update_s3", _telling(_set_bucket, Scope.GALLERY)),
    path("api/v1/enterprise/reset_s3", _telling(_reset_bucket, Scope.GALLERY)),
    path(f"{modelslab.ROOTS[0][1:]}/base64/<uuid:asset_id>/<str:key>.base64", encoded),
]
