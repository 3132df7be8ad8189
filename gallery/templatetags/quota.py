"""`{% room_of user as room %}`: how much a page's reader has and may have."""

from __future__ import annotations

from django import template

from accounts.models import User
from gallery import quota

register = template.Library()


@register.simple_tag
def room_of(user: User) -> quota.Room:
    """What `user` has, counted now."""
    return quota.room_of(user)
