"""Looking closer: where a picture comes from, and two of them over each other."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery import lineage
from gallery.comparison import compare as compare_recipes
from gallery.models import Asset, Scope
from gallery.views.lookup import kept_by_the_browser, visible_or_404


@login_not_required
@require_safe
@kept_by_the_browser
def family(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """What it was made from and what came of it, each with a link to compare."""
    asset = visible_or_404(request, asset_id)
    found = lineage.of(asset, request.user)
    return render(request, "gallery/lineage.html", {"asset": asset, "lineage": found})


@login_not_required
@require_safe
@kept_by_the_browser
def compare(request: HttpRequest) -> HttpResponse:
    """`?a=` and `?b=` over each other, with what differs; without `b`, what there is to choose."""
    first = visible_or_404(request, _id(request, "a"))
    context: dict[str, Any] = {"first": first}
    if "b" not in request.GET:
        return render(
            request, "gallery/compare.html", {**context, "choices": _like(request, first)}
        )
    second = visible_or_404(request, _id(request, "b"))
    lines = compare_recipes(first, second)
    return render(request, "gallery/compare.html", {**context, "second": second, "lines": lines})


def _id(request: HttpRequest, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.GET.get(name, ""))
    except ValueError:
        raise Http404 from None


def _like(request: HttpRequest, asset: Asset) -> list[Asset]:
    """What one would compare it with: its lineage, then one's newest, those of its shape first."""
    found = lineage.of(asset, request.user)
    related = [*found.ancestors[-4:], *(branch.asset for branch in found.tree.remixes[:8])]
    known = {asset.pk, *(each.pk for each in related)}
    mine = Asset.objects.shown_to(request.user, Scope.MINE).prefetch_related("variants")
    newest = [each for each in mine.newest_first()[:24] if each.pk not in known]
    newest.sort(key=lambda other: other.width * asset.height != asset.width * other.height)
    return [*related, *newest]
