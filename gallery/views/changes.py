"""What people do to one picture: like it, publish it, describe it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gallery.forms import DetailsForm, VisibilityForm
from gallery.models import Like, Visibility
from gallery.views.asset import page_context
from gallery.views.lookup import editable_or_403, kept_by_the_browser, person, visible_or_404


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
    """Say who can see the picture."""
    asset = editable_or_403(request, asset_id)
    form = VisibilityForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Say “private” or “public”."), content_type="text/plain")
    asset.set_visibility(Visibility(form.cleaned_data["visibility"]))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "gallery/_visibility.html", {"asset": asset})
    return redirect(asset)


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
