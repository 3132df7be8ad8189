"""The bar of what can be done with chosen pictures, on whatever page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.db import models
from django.urls import get_script_prefix
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models import Team, TeamRight
from accounts.prepared import Kinds, Prepared, somebody
from gallery import collecting, stencils
from gallery.models import Collection
from gallery.stencils import mark

register = template.Library()
_VIEWER: Kinds = {"viewer": models.BigAutoField()}
#: What one may share with, and put pictures into.
_TEAMS = Prepared(
    lambda viewer: (
        Team.objects.of(somebody(viewer), TeamRight.SHARE)
        .order_by("name", "pk")
        .values_list("pk", "name")
    ),
    _VIEWER,
)
_COLLECTIONS = Prepared(
    lambda viewer: (
        Collection.objects.editable_by(somebody(viewer))
        .order_by("name", "pk")
        .values_list("pk", "name")[: collecting.OFFERED + 1]
    ),
    _VIEWER,
)


@register.simple_tag(takes_context=True)
def selection_bar(context: dict[str, Any], collection: Collection | None = None) -> SafeString:
    """A form that every `<input form="selection" name="asset">` of the page belongs to."""
    request = context["request"]
    user, here = request.user.pk, collection and collection.pk
    others = [row for row in _COLLECTIONS.rows(viewer=user) if row[0] != here]
    values = {
        "csrf_token": context.get("csrf_token", ""),
        "next": request.get_full_path(),
        "teams": _options(_TEAMS.rows(viewer=user)),
        "collections": _options(others[: collecting.OFFERED]),
        "out_of": collection.pk if collection and collection.can_edit else "",
    }
    asked = frozenset(name for name, value in values.items() if value)
    return stencils.fill(_bar(asked, get_language() or "", get_script_prefix()), values)


def _options(rows: Iterable[tuple[object, str]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', rows)


@lru_cache(maxsize=64)
def _bar(asked: frozenset[str], language: str, prefix: str) -> str:
    """The stencil of the bar with these values; the others have nothing to say."""
    return stencils.cut("gallery/_selection.html", {name: mark(name) for name in asked})


@register.inclusion_tag("gallery/_collections.html", takes_context=True)
def collections_of(context: dict[str, Any], asset: Any) -> dict[str, Any]:
    """In which collections a picture lies, and into which it may be put."""
    request = context["request"]
    return {"asset": asset, "request": request, **collecting.choices(request.user, asset)}
