"""What the page of a picture says about its rating, and what one can do about it there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gallery import reporting
from gallery.models import Appeal, Asset, PublicState, Rating, Report
from gallery.safety_forms import AppealForm, ReportForm

_ICONS = {Rating.SAFE: "shield-check", Rating.SENSITIVE: "eye-off", Rating.UNRATED: "circle-help"}


def context(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    """For `gallery/_safety.html`, and `veiled` for the picture itself."""
    revealed = request.GET.get("reveal") == "yes"
    return {
        "veiled": not revealed and asset.veiled_for(request.user),
        "rating_icon": _ICONS[Rating(asset.rating)],
        "rating_label": Rating(asset.rating).label,
        "public_note": _note(asset) if asset.can_edit else "",
        **(_of_the_owner(asset) if asset.can_dispose else _of_others(request, asset)),
    }


def _of_the_owner(asset: Asset) -> dict[str, Any]:
    appeals = list(Appeal.objects.filter(asset=asset).order_by("made_at"))
    waits = any(each.answered_at is None for each in appeals)
    may = reporting.may_appeal(asset) and not waits
    return {"appeals": appeals, "appeal_form": AppealForm() if may else None}


def _of_others(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    return {"reported": has_reported(request, asset), "report_form": ReportForm()}


def has_reported(request: HttpRequest, asset: Asset) -> bool:
    """Whether whoever looks reported it; visitors are not remembered."""
    mine = Report.objects.filter(asset=asset, reporter=request.user.pk)
    return request.user.is_authenticated and mine.exists()


def _note(asset: Asset) -> str:
    """Why it is not public although its owner published it."""
    return {
        PublicState.WAITING: _(
            "Published, and waits for review: nobody has rated it yet. Until then everybody "
            "else sees it only where it is shared."
        ),
        PublicState.HELD: _(
            "Reported, and held back from the public until a moderator has looked."
        ),
        PublicState.REMOVED: _("A moderator took it out of the public."),
    }.get(asset.public_state, "")
