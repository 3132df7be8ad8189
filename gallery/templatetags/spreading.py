"""`{% collection_card collection as card %}`: what a link preview says of it."""

from __future__ import annotations

from django import template

from gallery import spreading
from gallery.models import Collection

register = template.Library()


@register.simple_tag
def collection_card(collection: Collection) -> spreading.Card | None:
    """None for what is not public."""
    return spreading.collection_card(collection)
