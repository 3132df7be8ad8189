"""What each kind of staff may do, in Django's words for permissions. Written here, once."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffRole(models.TextChoices):
    """What somebody is among those who run the place."""

    NONE = "", _("No staff")
    SUPPORT = "support", _("Support: looks")
    FINANCE = "finance", _("Finance: grants credits")
    MODERATOR = "moderator", _("Moderator: keeps the gallery")
    ADMIN = "admin", _("Administrator: everything")


#: Patterns of "app.action_model". Django itself lets an administrator do everything.
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    StaffRole.NONE: (),
    StaffRole.SUPPORT: ("*.view_*", "accounts.impersonate_user"),
    StaffRole.FINANCE: (
        "*.view_*",
        "accounts.change_wallet",
        "accounts.*_allowanceplan",
    ),
    StaffRole.MODERATOR: ("*.view_*", "gallery.*", "generator.*_promptrule"),
    StaffRole.ADMIN: ("*",),
}


def holds(role: str, permission: str) -> bool:
    """Whether staff of this `role` hold "app.action_model"."""
    return any(fnmatchcase(permission, pattern) for pattern in PERMISSIONS[role])


def works_in(role: str, app_label: str) -> bool:
    """Whether they have any business in an app."""
    return any(fnmatchcase(app_label, pattern.partition(".")[0]) for pattern in PERMISSIONS[role])
