"""The bar of what can be done with chosen pictures, on whatever page shows them."""

from __future__ import annotations

from typing import Any

from django import template

from gallery import collecting
from gallery.models import Collection

register = template.Library()


@register.inclusion_tag("gallery/_selection.html", takes_context=True)
def selection_bar(context: dict[str, Any], collection: Collection | None = None) -> dict[str, Any]:
    """A form that every `<input form="selection" name="asset">` of the page belongs to."""
    user = context["request"].user
    mine = Collection.objects.editable_by(user).order_by("name", "pk")
    if collection:
        mine = mine.exclude(pk=collection.pk)
    return {
        "teams": collecting.teams_to_share_with(user),
        "collections": mine[: collecting.OFFERED],
        "collection": collection,
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("gallery/_collections.html", takes_context=True)
def collections_of(context: dict[str, Any], asset: Any) -> dict[str, Any]:
    """In which collections a picture lies, and into which it may be put."""
    request = context["request"]
    return {"asset": asset, "request": request, **collecting.choices(request.user, asset)}
