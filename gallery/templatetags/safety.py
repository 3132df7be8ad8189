"""Whether a picture is veiled for whoever looks."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry
from gallery.models import Asset
from gallery.models.asset_queries import Viewer

register = template.Library()

_DECIDED = {
    "asset.approve": gettext_lazy("approved"),
    "asset.sensitive": gettext_lazy("marked as sensitive"),
    "asset.remove": gettext_lazy("taken out of the public"),
    "asset.bin": gettext_lazy("moved to its owner’s bin"),
}


@register.filter
def decision(entry: AuditEntry) -> str:
    """What a moderator did, in words."""
    return str(_DECIDED.get(entry.action, entry.action))


@register.filter
def veiled_for(asset: Asset, viewer: Viewer) -> bool:
    """Whether `viewer` sees it blurred until they press."""
    return asset.veiled_for(viewer)


@register.filter
def reason_for(asset: Asset, viewer: Viewer) -> str:
    """Why it is rated so, as far as `viewer` may read it."""
    return asset.reason_told_to(viewer)


@register.filter
def moderator_words_for(asset: Asset, viewer: Viewer) -> str:
    """What a moderator wrote about it, for those who may read that."""
    return asset.moderator_words_for(viewer)
