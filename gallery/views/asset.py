"""The page of one picture, which is also its lightbox."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Team, TeamRight
from gallery import by_id, publishing, recipe, safety_page, spreading
from gallery.forms import DetailsForm
from gallery.models import Asset, RequestState
from gallery.views import arrows
from gallery.views.lookup import kept_by_the_browser, visible_or_404


@login_not_required
@require_safe
@kept_by_the_browser
def page(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Its address may name the list that the arrows walk along: `gallery.views.arrows`."""
    asset = visible_or_404(request, asset_id)
    return render(request, "gallery/asset.html", page_context(request, asset))


def page_context(
    request: HttpRequest, asset: Asset, form: DetailsForm | None = None
) -> dict[str, Any]:
    """What the page shows; `form` carries rejected input back to the person."""
    asked = recipe.request_of(asset.recipe)
    return {
        "asset": asset,
        "form": form or DetailsForm(instance=asset),
        "rows": recipe.rows(asset.recipe),
        "label": spreading.badge(asset),
        "card": spreading.card(asset) if asset.is_open else None,
        "negative_prompt": asked.get("negative_prompt", ""),
        "seed": asked.get("seed"),
        "arrows": arrows.around(request, asset),
        "similar_url": arrows.similar(request, asset),
        "parent": _parent(request, asset),
        **sharing_context(request, asset),
        **safety_page.context(request, asset),
        **_worked_from(request, asset),
    }


def sharing_context(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    """Who sees it and why, as far as whoever asks may know, and what they may do about it."""
    user = request.user
    shared = [share.team for share in asset.shares]
    if asset.can_dispose:
        return {"shared": shared, "undone": shared, **_owners_context(asset, shared)}
    edited = set(Team.objects.of(user, TeamRight.EDIT_PICTURES)) if shared else set()
    return {
        "shared": shared,
        "undone": [team for team in shared if team in edited],
        "given": asset.direct_shares.filter(person=user.pk).first() if user.pk else None,
    }


def _owners_context(asset: Asset, shared: list[Team]) -> dict[str, Any]:
    """What its owner alone is told: whom else it is shared with, and what was asked for."""
    possible = Team.objects.of(asset.owner, TeamRight.SHARE).exclude(pk__in=[t.pk for t in shared])
    told = {"possible": possible.order_by("name", "pk"), **asset.direct_shares.counted()}
    if asset.is_public:
        return told
    wishes = list(asset.publication_requests.select_related("team").order_by("-pk")[:10])
    waiting = [wish for wish in wishes if wish.state == RequestState.WAITING]
    last = wishes[0] if wishes and wishes[0].state == RequestState.DECLINED else None
    asked = publishing.teams_to_ask(asset, asset.owner) if shared else []
    return {**told, "waiting": waiting, "declined": last, "to_ask": asked}


def _worked_from(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    """The pictures it was made from that the viewer may see, and how many there are besides."""
    named = recipe.worked_from(asset.recipe)
    shown = by_id.show(request.user, named)
    return {"worked_from": list(shown.values()), "hidden_pictures": len(named) - len(shown)}


def _parent(request: HttpRequest, asset: Asset) -> Asset | None:
    """What it was made from, if the viewer may see that too."""
    if asset.parent_id is None:
        return None
    seen = Asset.objects.visible_to(request.user).prefetch_related("variants")
    return seen.filter(pk=asset.parent_id).first()
