"""Many pictures at once, as a zip that is made while it is sent, or as a contact sheet."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar, cast
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.core.exceptions import ValidationError
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gallery import arranging, contact_sheet, zipping
from gallery.models import Asset, Scope
from gallery.query import MAX_QUERY
from gallery.selection_forms import SelectionForm, read_ids
from gallery.views.collections import visible_or_404
from gallery.views.lookup import person, teams_of
from gallery.views.selection import problem

Response = TypeVar("Response", bound=HttpResponseBase)
#: What a zip of the gallery can be about. Everybody's pictures are nobody's to carry home at once.
SCOPES = (Scope.MINE, Scope.TEAM, Scope.SHARED)


@require_GET
def gallery_zip(request: HttpRequest) -> HttpResponseBase:
    """What `?scope=mine|team|shared&team=7&q=words` finds; without any, everything of one's own."""
    scope = request.GET.get("scope") or Scope.MINE
    if scope not in SCOPES:
        raise Http404
    teams, team = teams_of(request) if scope == Scope.TEAM else ([], None)
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    batches = zipping.listed(person(request), scope, query, [team] if team else teams)
    return _zip(request, zipping.zipped(batches), query or _("pictures"))


@require_GET
def collection_zip(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponseBase:
    """What lies in a collection, as far as one may see it, in its order."""
    collection = visible_or_404(request, collection_id)
    batches = zipping.collected(person(request), collection)
    return _zip(request, zipping.zipped(batches), collection.name)


@require_POST
def selection_zip(request: HttpRequest) -> HttpResponseBase:
    """The pictures that were chosen, as far as one may see them."""
    ids = _chosen(request)
    if isinstance(ids, HttpResponse):
        return ids
    return _zip(request, zipping.zipped(zipping.chosen(person(request), ids)), _("pictures"))


@require_GET
def collection_sheet(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """The first pictures of a collection; `?format=pdf|png`."""
    collection = visible_or_404(request, collection_id)
    rows = arranging.pictures(collection, request.user).order_by(*arranging.FORWARDS)
    shown = rows.prefetch_related("variants").defer("recipe")[: contact_sheet.MAX_PICTURES]
    return _sheet(request, list(shown), collection.name, request.GET.get("format", "pdf"))


@require_POST
def selection_sheet(request: HttpRequest) -> HttpResponse:
    """The first of the pictures that were chosen; `format=pdf|png`."""
    ids = _chosen(request)
    if isinstance(ids, HttpResponse):
        return ids
    rows = Asset.objects.visible_to(request.user).prefetch_related("variants").defer("recipe")
    found = rows.in_bulk(ids[: contact_sheet.MAX_PICTURES])
    shown = [found[pk] for pk in ids if pk in found]
    return _sheet(request, shown, _("Chosen pictures"), request.POST.get("format", "pdf"))


def _chosen(request: HttpRequest) -> list[uuid.UUID] | HttpResponse:
    """The ids, or the page that says what is wrong with them."""
    try:
        return read_ids(request.POST.getlist("asset"))
    except ValidationError as error:
        form = SelectionForm(request.POST, user=person(request))
        form.errors.clear()
        form.add_error(None, error)
        return problem(request, form, reverse("gallery"))


def _sheet(
    request: HttpRequest, shown: Sequence[Asset], title: str, output_format: str
) -> HttpResponse:
    if output_format not in {"pdf", "png"}:
        raise Http404
    kind = cast(contact_sheet.Format, output_format)
    types = {"pdf": "application/pdf", "png": "image/png"}
    body = contact_sheet.draw(shown, title, kind)
    return _dressed(HttpResponse(body, content_type=types[kind]), title, kind)


def _zip(request: HttpRequest, pieces: Iterator[bytes], title: str) -> HttpResponseBase:
    """Sent without a thread of its own: between two pieces it waits as async requests do."""
    waits = isinstance(request, ASGIRequest)
    content = _in_turn(pieces) if waits else pieces
    response = StreamingHttpResponse(content, content_type="application/zip")
    # A proxy that kept it all before it passes it on would need room for it.
    response["X-Accel-Buffering"] = "no"
    return _dressed(response, title, "zip")


async def _in_turn(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    def turn() -> bytes:
        return next(pieces, b"")

    try:
        while piece := await sync_to_async(turn, thread_sensitive=True)():
            yield piece
    finally:
        with suppress(RuntimeError):
            await sync_to_async(cast(Generator, pieces).close, thread_sensitive=True)()


def _dressed(response: Response, title: str, ending: str) -> Response:
    """As a file whose name is the title and the day."""
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in title[:80])
    words = "-".join("".join(kept).split()) or "pictures"
    day = f"{timezone.localdate():%Y-%m-%d}.{ending}"
    plain = "-".join(words.encode("ascii", "ignore").decode().split("-")).strip("-") or "pictures"
    utf8 = quote(f"{words}-{day}", safe="")
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}-{day}\"; filename*=UTF-8''{utf8}"
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
