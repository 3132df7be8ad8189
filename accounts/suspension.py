"""Closing an account for a while, or for good: everything its owner does stops at once.

Keys and sessions open nothing while `is_active` is false, whoever asks; WebSockets ask every
second. Sessions are ended besides, so that opening the account again brings none of them back.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts import sessions
from accounts.models import AuditEntry, User


class MayNot(Exception):
    """Not this account, for the reason that the message says."""


def suspend(user: User, *, by: User, reason: str) -> bool:
    """Close the account; False when it was closed already.

    What waits or runs is cancelled and refunded once this is committed. Raises MayNot for the
    account of `by` and, unless `by` is an administrator, of other staff.
    """
    if user == by:
        raise MayNot(_("You cannot close your own account here."))
    if user.is_staff and not by.is_superuser:
        raise MayNot(_("Only an administrator closes the accounts of staff."))
    with transaction.atomic():
        closed = User.objects.filter(pk=user.pk, is_active=True).update(
            is_active=False, suspended_at=Now(), suspended_reason=reason[:200]
        )
        if not closed:
            return False
        _write_down(by, "user.suspend", user, reason, active=False)
        sessions.end(user)
        transaction.on_commit(_stop_work, robust=True)
    return True


def reopen(user: User, *, by: User, reason: str) -> bool:
    """Open the account again; False when it was open, or was deleted for good."""
    with transaction.atomic():
        opened = User.objects.filter(pk=user.pk, is_active=False, erasure=None).update(
            is_active=True, suspended_at=None, suspended_reason=""
        )
        if opened:
            _write_down(by, "user.reopen", user, reason, active=True)
    return bool(opened)


def _write_down(by: User, action: str, user: User, reason: str, *, active: bool) -> None:
    before, after = {"is_active": not active}, {"is_active": active}
    AuditEntry.objects.record(by, action, user, before=before, after=after, reason=reason)


def _stop_work() -> None:
    """Ask whoever paints to stop; what is missed here, the sweeper finds."""
    import_string(settings.STOPS_CLOSED_ACCOUNTS)()
