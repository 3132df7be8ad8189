"""What every view of one picture begins with: who asks, for what, and may they."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_headers

from accounts.models import Team, User
from gallery.models import Asset

View = Callable[..., HttpResponseBase]


def kept_by_the_browser(view: View) -> View:
    """Headers of gallery pages: asked for anew each time, yet fit for the back button.

    `no-store` would turn the browser's page cache off, and Back would lose the spot.
    """
    cached = cache_control(private=True, no_cache=True)(view)
    return vary_on_headers("HX-Request", "Cookie")(cached)


def person(request: HttpRequest) -> User:
    """Who asks, in views that the middleware opens to signed-in people only."""
    return cast(User, request.user)


def visible_or_404(request: HttpRequest, asset_id: uuid.UUID) -> Asset:
    """The picture with all that a page shows of it; 404 for whoever may not see it."""
    seen = Asset.objects.visible_to(request.user).for_viewer(request.user)
    asset = seen.filter(pk=asset_id).first()
    if asset is None:
        raise Http404
    return asset


def editable_or_403(request: HttpRequest, asset_id: uuid.UUID) -> Asset:
    """The picture, for whoever may change it; 404 when unseen, 403 when only seen."""
    asset = visible_or_404(request, asset_id)
    if not asset.can_edit:
        raise PermissionDenied(_("Only its owner can change this picture."))
    return asset


def disposable_or_403(request: HttpRequest, asset_id: uuid.UUID) -> Asset:
    """The picture, for whoever may publish, share and delete it; else like `editable_or_403`."""
    asset = visible_or_404(request, asset_id)
    if not asset.can_dispose:
        raise PermissionDenied(_("Only its owner can do this with the picture."))
    return asset


def teams_of(request: HttpRequest) -> tuple[list[Team], Team | None]:
    """The teams of whoever asks, and the one of them that `?team=` names; 404 for another's."""
    teams = list(Team.objects.of(request.user).order_by("name", "pk"))
    said = request.GET.get("team")
    if not said:
        return teams, None
    for team in teams:
        if str(team.pk) == said:
            return teams, team
    raise Http404
