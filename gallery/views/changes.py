"""What people do to one picture: like it, publish it, share it with a team, describe it."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Team, TeamRight
from gallery import publishing
from gallery.forms import DetailsForm, SharingForm, VisibilityForm
from gallery.models import Asset, Like, TeamShare, Visibility
from gallery.views.asset import page_context, sharing_context
from gallery.views.lookup import (
    disposable_or_403,
    editable_or_403,
    kept_by_the_browser,
    person,
    visible_or_404,
)


@require_http_methods(["POST", "DELETE"])
@kept_by_the_browser
def like(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """POST likes; DELETE takes it back, and so does a form that says `liked=no`."""
    asset = visible_or_404(request, asset_id)
    if request.method == "DELETE" or request.POST.get("liked") == "no":
        Like.objects.take_back(asset, person(request))
    else:
        Like.objects.add(asset, person(request))
    if request.htmx:  # type: ignore[attr-defined]
        asset = visible_or_404(request, asset_id)
        # On the picture's own page the button also has a key.
        context = {"asset": asset, "lone": "lone" in request.GET}
        return render(request, "gallery/_like.html", context)
    return redirect(_where_from(request) or asset)


@require_POST
@kept_by_the_browser
def visibility(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Say whether everybody can see the picture."""
    asset = disposable_or_403(request, asset_id)
    form = VisibilityForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Say “private” or “public”."), content_type="text/plain")
    if form.cleaned_data["visibility"] == Visibility.PUBLIC:
        publishing.publish(asset, person(request))
    else:
        publishing.hide(asset)
    return _who_can_see_it(request, asset)


@require_POST
@kept_by_the_browser
def team(request: HttpRequest, asset_id: uuid.UUID, team_id: int) -> HttpResponse:
    """Hang it in a team's gallery (`shared=yes`), or take it out of there (`shared=no`)."""
    asset = visible_or_404(request, asset_id)
    team = get_object_or_404(Team.objects.of(person(request)), pk=team_id)
    form = SharingForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Say “yes” or “no”."), content_type="text/plain")
    if form.cleaned_data["shared"] == "yes":
        _may_hang(request, asset, team)
        TeamShare.objects.hang(asset, team)
    else:
        _may_take_down(request, asset, team)
        asset.publication_requests.filter(team=team).withdraw()
        TeamShare.objects.take_down(asset, team)
    return _who_can_see_it(request, asset)


def _may_hang(request: HttpRequest, asset: Asset, team: Team) -> None:
    sharing = Team.objects.of(person(request), TeamRight.SHARE)
    if not asset.can_dispose or not sharing.contains(team):
        raise PermissionDenied(_("Makers share their own pictures with their teams."))


def _may_take_down(request: HttpRequest, asset: Asset, team: Team) -> None:
    editing = Team.objects.of(person(request), TeamRight.EDIT_PICTURES)
    if not asset.can_dispose and not editing.contains(team):
        raise PermissionDenied(_("Its owner or an editor of the team can do this."))


def _who_can_see_it(request: HttpRequest, asset: Asset) -> HttpResponse:
    """That section again, or the page, as it is now; the gallery for who sees it no more."""
    seen = Asset.objects.visible_to(request.user).for_viewer(request.user)
    now = seen.filter(pk=asset.pk).first()
    if now is None:
        return _go(request, reverse("gallery"))
    if request.htmx:  # type: ignore[attr-defined]
        context = {"asset": now, **sharing_context(request, now)}
        return render(request, "gallery/_visibility.html", context)
    return redirect(now)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


@require_POST
@kept_by_the_browser
def details(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Name, description and tags. What is wrong is said beside the field, input kept."""
    asset = editable_or_403(request, asset_id)
    form = DetailsForm(request.POST, instance=asset)
    if form.is_valid():
        form.save()
        return redirect(asset)
    asset = visible_or_404(request, asset_id)
    return render(request, "gallery/asset.html", page_context(request, asset, form), status=422)


def _where_from(request: HttpRequest) -> str:
    """The page the button was on, if it is one of ours."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else ""
