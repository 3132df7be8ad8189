"""Collections: the list of them, one of them, and what its owner says about it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery import arranging, collecting
from gallery.collection_forms import CollectionForm, CollectionShareForm
from gallery.listing import BadCursor
from gallery.models import Collection, CollectionRole
from gallery.views.listing import CHUNK
from gallery.views.lookup import kept_by_the_browser, person

PER_PAGE = 24


@require_http_methods(["GET", "HEAD", "POST"])
@kept_by_the_browser
def contents(request: HttpRequest) -> HttpResponse:
    """One's own and those that were shared with one, newest first; POST begins one."""
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(collecting.begin(person(request), form.cleaned_data["name"]))
        except collecting.TooManyCollections as error:
            form.add_error("name", str(error))
    kept = Collection.objects.kept_for(request.user)
    cursor = request.GET.get("cursor")
    try:
        found = collecting.page(kept, request.user, cursor=cursor, limit=PER_PAGE)
    except BadCursor:
        raise Http404 from None
    context = {"page": found, "form": form, "cursor": cursor}
    return render(request, "gallery/collections.html", context, status=422 if form.errors else 200)


@login_not_required
@require_safe
@kept_by_the_browser
def page(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """Its pictures in their order; `?arrange=1` with the buttons that change it."""
    collection = visible_or_404(request, collection_id)
    fragment = bool(request.htmx) and "cursor" in request.GET  # type: ignore[attr-defined]
    context = page_context(request, collection)
    return render(
        request, "gallery/_collection_grid.html" if fragment else "gallery/collection.html", context
    )


def page_context(request: HttpRequest, collection: Collection) -> dict[str, Any]:
    """What the page shows."""
    arranging_it = collection.can_edit and "arrange" in request.GET
    rows = arranging.pictures(collection, request.user).for_cards()
    rows = rows.prefetch_related("variants") if arranging_it else rows
    cursor = request.GET.get("cursor")
    try:
        shown = arranging.page(rows, cursor=cursor, limit=2 * CHUNK)
    except BadCursor:
        raise Http404 from None
    more = {"arrange": "1"} if arranging_it else {}
    following = shown.next_cursor and "?" + urlencode({**more, "cursor": shown.next_cursor})
    return {
        "collection": collection,
        "page": shown,
        "cursor": cursor,
        "arranging": arranging_it,
        "next_url": following,
        "filters": urlencode({"collection": str(collection.pk)}),
        "hidden": arranging.hidden(collection, request.user),
        **_owners_part(request, collection),
    }


def _owners_part(request: HttpRequest, collection: Collection) -> dict[str, Any]:
    if not collection.can_share:
        return {}
    shares = collection.shares.select_related("team", "person").order_by("pk")
    return {
        "form": CollectionForm(instance=collection),
        "share_form": CollectionShareForm(owner=person(request)),
        "shares": shares,
    }


@require_POST
@kept_by_the_browser
def settings(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """Name, description, and whether everyone may open it."""
    collection = owned_or_403(request, collection_id)
    form = CollectionForm(request.POST, instance=collection)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(collection)
    collection = visible_or_404(request, collection_id)
    context = page_context(request, collection) | {"form": form}
    return render(request, "gallery/collection.html", context, status=422)


@require_POST
def delete(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """End the collection; its pictures stay where they are."""
    owned_or_403(request, collection_id).delete()
    messages.success(request, _("The collection is gone; its pictures are still there."))
    return redirect("collections")


@require_POST
@kept_by_the_browser
def share(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """Let a team or a person open it."""
    collection = owned_or_403(request, collection_id)
    form = CollectionShareForm(request.POST, owner=person(request))
    if not form.is_valid():
        collection = visible_or_404(request, collection_id)
        context = page_context(request, collection) | {"share_form": form}
        return render(request, "gallery/collection.html", context, status=422)
    told = form.cleaned_data
    role = CollectionRole(told["role"])
    collecting.share(collection, role, team=told["team"], person=told["person"])
    messages.success(request, _("Shared. They see those of its pictures that they may see."))
    return redirect(collection)


@require_POST
def unshare(request: HttpRequest, collection_id: uuid.UUID, access_id: int) -> HttpResponse:
    """Let them open it no more."""
    collection = owned_or_403(request, collection_id)
    get_object_or_404(collection.shares, pk=access_id).delete()
    messages.success(request, _("They cannot open it any more."))
    return redirect(collection)


def visible_or_404(request: HttpRequest, collection_id: uuid.UUID) -> Collection:
    """The collection; 404 for whoever may not open it."""
    rows = Collection.objects.visible_to(request.user).for_cards(request.user)
    return get_object_or_404(rows, pk=collection_id)


def editable_or_403(request: HttpRequest, collection_id: uuid.UUID) -> Collection:
    """The collection, for whoever may change what lies in it."""
    collection = visible_or_404(request, collection_id)
    if not collection.can_edit:
        raise PermissionDenied(_("Its owner or an editor of it can do this."))
    return collection


def owned_or_403(request: HttpRequest, collection_id: uuid.UUID) -> Collection:
    """The collection, for its owner."""
    collection = visible_or_404(request, collection_id)
    if not collection.can_share:
        raise PermissionDenied(_("Only its owner can do this with the collection."))
    return collection
