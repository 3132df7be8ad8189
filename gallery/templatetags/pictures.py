"""How templates show pictures: sizes, shapes and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gallery import alt_text, stencils
from gallery import cards as every
from gallery.models import Asset
from gallery.models.asset_queries import Viewer

register = template.Library()
_NOBODY = AnonymousUser()


@register.simple_tag(takes_context=True)
def cards(
    context: dict[str, Any], assets: Sequence[Asset], eager: int = 0, seen: int | None = None
) -> SafeString:
    """The cards of a page: the first `eager` are seen at once; the last says how many are there."""
    viewer = _viewer(context)
    around = stencils.Around(
        signed_in=viewer.is_authenticated,
        filters=context.get("filters", ""),
        listed=context.get("listed", ""),
        eager=eager,
        seen=seen,
    )
    return stencils.draw(every.of_all(assets, viewer), around)


@register.filter
def ratio_class(asset: Asset) -> str:
    """The class of the shape nearest to the picture's: "r100" is a square."""
    return every.shape_class(asset.width, asset.height)


@register.simple_tag(takes_context=True)
def srcset(context: dict[str, Any], asset: Asset) -> str:
    """Every WebP copy with its width, for `<img srcset>`."""
    return every.Copies(asset, _viewer(context)).srcset


@register.filter
def alt(asset: Asset) -> str:
    """What stands for it where it cannot be seen."""
    return alt_text.of_asset(asset) or _("A picture")


@register.simple_tag(takes_context=True)
def variant_url(context: dict[str, Any], asset: Asset, width: int) -> str:
    """The smallest copy at least `width` wide, or the widest there is."""
    return every.Copies(asset, _viewer(context)).at_least(width)


def _viewer(context: dict[str, Any]) -> Viewer:
    """Whoever looks; pages for other sites know of nobody."""
    viewer: Viewer = context.get("user") or _NOBODY
    return viewer
