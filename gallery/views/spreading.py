"""Pages for other sites: previews, oEmbed, and pages that may be embedded.

They are the same for everybody: no session is read, no cookie set, and no form is on them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from html import escape
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from gallery import spreading
from gallery.models import Collection, Visibility

FRESH = "public, max-age=300"
#: Pictures of an embedded collection; the link below them opens the rest.
SHOWN = 12
#: What an embedded collection measures unless it is asked for less, CSS pixels.
FRAME = (640, 480)

View = Callable[..., HttpResponseBase]


def _for_everybody(view: View) -> View:
    """Headers of what other sites may load."""

    @login_not_required
    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        response = view(request, *args, **named)
        response["Cache-Control"] = FRESH
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return wrapped


def _framed(view: View) -> View:
    """And of what they may put into a frame."""
    return _for_everybody(xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(view)))


@_for_everybody
def preview(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponseBase:
    """The JPEG that link previews show."""
    asset = get_object_or_404(spreading.open_pictures(), pk=asset_id)
    etag = f'"{asset.sha256[:32]}-preview"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(spreading.preview(asset), content_type=spreading.MEDIA_TYPE)
        except FileNotFoundError:
            raise Http404 from None
    response["ETag"] = etag
    return response


@_framed
def embedded_picture(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """One picture, for a frame on another site."""
    asset = get_object_or_404(spreading.open_pictures(), pk=asset_id)
    context = {"asset": asset, "card": spreading.card(asset), "badge": spreading.badge(asset)}
    return HttpResponse(render_to_string("gallery/embedded_picture.html", context))


@_framed
def embedded_collection(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """The first pictures of a public collection, for a frame on another site."""
    collection = _public_collection(collection_id)
    pictures = spreading.open_in(collection)[:SHOWN]
    shown = [(each, spreading.card(each), spreading.badge(each)) for each in pictures]
    context = {"collection": collection, "shown": shown, "url": _address(collection)}
    return HttpResponse(render_to_string("gallery/embedded_collection.html", context))


@_for_everybody
def oembed(request: HttpRequest) -> HttpResponse:
    """`?url=` of a public picture's or collection's page; JSON only (oembed.com, 1.0)."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"message": _("Only format=json is spoken here.")}, status=501)
    found = _named(request.GET.get("url", ""))
    box = [_limit(request, name, most) for name, most in _most(found)]
    told = _rich(found, *box) if isinstance(found, Collection) else _photo(found, *box)
    common = {"version": "1.0", "provider_name": "Limner", "provider_url": settings.BASE_URL}
    return JsonResponse(common | told)


def _named(url: str) -> Any:
    """What the address of one of our pages shows; 404 for every other."""
    try:
        if not url.startswith(f"{settings.BASE_URL}/"):
            raise Http404
        match = resolve(urlsplit(url).path)
    except (Resolver404, ValueError):
        raise Http404 from None
    if match.url_name == "collection":
        return _public_collection(match.kwargs["collection_id"])
    if match.url_name != "asset":
        raise Http404
    return get_object_or_404(spreading.open_pictures(), pk=match.kwargs["asset_id"])


def _most(found: Any) -> list[tuple[str, int]]:
    size = FRAME if isinstance(found, Collection) else spreading.preview_size(found)
    return list(zip(("maxwidth", "maxheight"), size, strict=True))


def _limit(request: HttpRequest, name: str, most: int) -> int:
    asked = request.GET.get(name, "")
    return max(1, min(most, int(asked))) if asked.isdecimal() and len(asked) < 7 else most


def _photo(asset: Any, width: int, height: int) -> dict[str, Any]:
    card = spreading.card(asset)
    scale = min(width / card.width, height / card.height)
    size = {name: max(1, int(side * scale)) for name, side in _sides(card)}
    return {
        "type": "photo",
        "url": card.image,
        "title": card.title,
        "author_name": asset.owner.display_name,
        **size,
    }


def _sides(card: spreading.Card) -> list[tuple[str, int]]:
    return [("width", card.width), ("height", card.height)]


def _rich(collection: Collection, width: int, height: int) -> dict[str, Any]:
    frame = f"{_address(collection)}embed/"
    name = escape(collection.name)
    html = (
        f'<iframe src="{frame}" width="{width}" height="{height}" title="{name}" '
        'loading="lazy"></iframe>'
    )
    told = {"type": "rich", "html": html, "title": collection.name}
    return told | {"author_name": collection.owner.display_name, "width": width, "height": height}


def _address(collection: Collection) -> str:
    return spreading.absolute(collection.get_absolute_url())


def _public_collection(collection_id: uuid.UUID) -> Collection:
    public = Collection.objects.filter(visibility=Visibility.PUBLIC).select_related("owner")
    return get_object_or_404(public, pk=collection_id)
