"""Whether a picture is veiled for whoever looks."""

from __future__ import annotations

from django import template

from accounts.models import SensitivePictures
from gallery.models import Asset
from gallery.models.asset_queries import Viewer
from gallery.models.viewing import policy_of

register = template.Library()


@register.filter
def veiled_for(asset: Asset, viewer: Viewer) -> bool:
    """Whether `viewer` sees it blurred until they press."""
    return asset.is_sensitive and policy_of(viewer) != SensitivePictures.SHOW
