"""What the models here can do, for pages that offer to use it."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from generator import abilities

register = template.Library()


@register.filter
def can_begin_with_pictures(user: User | AnonymousUser) -> bool:
    """Whether a model that `user` may choose works from a picture."""
    return abilities.offered_to(user).initial_image
