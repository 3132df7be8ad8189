"""What becomes of sensitive pictures for whoever looks: blurred, hidden or shown."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from accounts.models import SensitivePictures, User


def policy_of(viewer: User | AnonymousUser) -> SensitivePictures:
    """What `viewer` chose; for visitors, what the operator did.

    HIDE keeps them out of lists of other people's pictures. Visitors who are shown none cannot
    open one either.
    """
    if viewer.is_authenticated:
        return SensitivePictures(viewer.sensitive_pictures)
    return SensitivePictures(settings.SENSITIVE_FOR_VISITORS)
