"""What lies in a collection: putting pictures in, taking them out, arranging them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gallery import arranging, collecting
from gallery.collection_forms import CollectionForm
from gallery.models import Asset, Collection
from gallery.views.collections import editable_or_403
from gallery.views.lookup import kept_by_the_browser, person, visible_or_404


@require_POST
def remove(request: HttpRequest, collection_id: uuid.UUID, asset_id: uuid.UUID) -> HttpResponse:
    """Take one picture out."""
    collection = editable_or_403(request, collection_id)
    _seen_in_it(request, collection, asset_id)
    arranging.remove(collection, [asset_id])
    messages.success(request, _("Taken out of the collection."))
    return _back(request, collection)


@require_POST
def move(request: HttpRequest, collection_id: uuid.UUID, asset_id: uuid.UUID) -> HttpResponse:
    """`to=up|down|first|last|cover`, or `before=<picture>` when it was dragged there."""
    collection = editable_or_403(request, collection_id)
    _seen_in_it(request, collection, asset_id)
    to, before = request.POST.get("to"), request.POST.get("before", "")
    if to in {"up", "down"}:
        arranging.step(collection, request.user, asset_id, up=to == "up")
    elif to == "first":
        first = arranging.pictures(collection, request.user).order_by(*arranging.FORWARDS).first()
        arranging.move_before(collection, asset_id, first.pk if first else None)
    elif to == "last":
        arranging.move_before(collection, asset_id, None)
    elif to == "cover":
        Collection.objects.filter(pk=collection.pk).update(cover=asset_id)
        messages.success(request, _("It stands for the collection now."))
    elif not _is_id(before) or not arranging.move_before(collection, asset_id, uuid.UUID(before)):
        return HttpResponseBadRequest(_("Say where to."), content_type="text/plain")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    return _back(request, collection)


@require_POST
@kept_by_the_browser
def choose(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """From the page of a picture: `add` or `remove` a collection by its id, or begin `name`."""
    asset = visible_or_404(request, asset_id)
    form = CollectionForm(request.POST) if "name" in request.POST else None
    problem = ""
    try:
        if form is None:
            if not _put(request, asset):
                return HttpResponseBadRequest(_("Say which."), content_type="text/plain")
        elif form.is_valid():
            begun = collecting.begin(person(request), form.cleaned_data["name"])
            arranging.add(begun, request.user, [asset.pk])
    except (arranging.Full, collecting.TooManyCollections) as error:
        problem = str(error)
    if form and form.errors:
        problem = " ".join(str(message) for found in form.errors.values() for message in found)
    if not request.htmx and not problem:  # type: ignore[attr-defined]
        return redirect(asset)
    context = {"asset": asset, "problem": problem, **collecting.choices(request.user, asset)}
    whole = not request.htmx  # type: ignore[attr-defined]
    template = "gallery/asset_collections.html" if whole else "gallery/_collections.html"
    return render(request, template, context, status=422 if problem else 200)


def _put(request: HttpRequest, asset: Asset) -> bool:
    for deed in ("add", "remove"):
        pk = request.POST.get(deed, "")
        if _is_id(pk):
            collection = editable_or_403(request, uuid.UUID(pk))
            if deed == "add":
                arranging.add(collection, request.user, [asset.pk])
            else:
                arranging.remove(collection, [asset.pk])
            return True
    return False


def _seen_in_it(request: HttpRequest, collection: Collection, asset_id: uuid.UUID) -> Asset:
    return get_object_or_404(arranging.pictures(collection, request.user), pk=asset_id)


def _back(request: HttpRequest, collection: Collection) -> HttpResponse:
    """To where the button was: arranging, on the page of the list it was on."""
    return redirect(f"{collection.get_absolute_url()}?arrange=1")


def _is_id(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
