"""Who looks: what becomes of sensitive pictures for them, and whether they are a moderator."""

from __future__ import annotations

from copy import copy

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from accounts.models import SensitivePictures, User

#: The permission of those who decide about other people's pictures.
MODERATES = "gallery.change_asset"


def policy_of(viewer: User | AnonymousUser) -> SensitivePictures:
    """What `viewer` chose; for visitors, what the operator did.

    HIDE keeps them out of lists of other people's pictures. Visitors who are shown none cannot
    open one either.
    """
    if viewer.is_authenticated:
        return SensitivePictures(viewer.sensitive_pictures)
    return SensitivePictures(settings.SENSITIVE_FOR_VISITORS)


def wishing(viewer: User, wish: str) -> User:
    """`viewer` as if they had chosen `wish` for this once; anything else is what they chose."""
    if wish not in SensitivePictures.values:
        return viewer
    other = copy(viewer)
    other.sensitive_pictures = SensitivePictures(wish)
    return other


def is_moderator(viewer: User | AnonymousUser) -> bool:
    """Whether `viewer` decides about other people's pictures."""
    return viewer.is_staff and viewer.has_perm(MODERATES)
