"""The page of one picture, which is also its lightbox."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gallery import recipe
from gallery.forms import DetailsForm
from gallery.listing import neighbours
from gallery.models import Asset, Scope
from gallery.search import MAX_QUERY, matching
from gallery.views.lookup import kept_by_the_browser, visible_or_404


@login_not_required
@require_safe
@kept_by_the_browser
def page(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """`?scope=` and `?q=` say which list the arrows walk along."""
    asset = visible_or_404(request, asset_id)
    return render(request, "gallery/asset.html", page_context(request, asset))


def page_context(
    request: HttpRequest, asset: Asset, form: DetailsForm | None = None
) -> dict[str, Any]:
    """What the page shows; `form` carries rejected input back to the person."""
    filters = _filters(request, asset)
    walked = Asset.objects.shown_to(request.user, filters["scope"])
    newer, older = neighbours(matching(walked, filters.get("q", "")), asset)
    asked = recipe.request_of(asset.recipe)
    return {
        "asset": asset,
        "form": form or DetailsForm(instance=asset),
        "rows": recipe.rows(asset.recipe),
        "label": asset.recipe.get("label", ""),
        "negative_prompt": asked.get("negative_prompt", ""),
        "seed": asked.get("seed"),
        "back_url": f"{reverse('gallery')}?{urlencode(filters)}",
        "newer_url": _address(newer, filters),
        "older_url": _address(older, filters),
        "parent": _parent(request, asset),
    }


def _filters(request: HttpRequest, asset: Asset) -> dict[str, str]:
    """The list to walk along: the one asked for, if the picture can be in it."""
    mine = asset.owner_id == request.user.pk
    scope = Scope.MINE if mine else Scope.PUBLIC
    if request.GET.get("scope") == Scope.PUBLIC and asset.is_public:
        scope = Scope.PUBLIC
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    return {"scope": str(scope), **({"q": query} if query else {})}


def _address(asset: Asset | None, filters: dict[str, str]) -> str:
    return f"{asset.get_absolute_url()}?{urlencode(filters)}" if asset else ""


def _parent(request: HttpRequest, asset: Asset) -> Asset | None:
    """What it was made from, if the viewer may see that too."""
    if asset.parent_id is None:
        return None
    seen = Asset.objects.visible_to(request.user).prefetch_related("variants")
    return seen.filter(pk=asset.parent_id).first()
