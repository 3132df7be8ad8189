"""Deleting an account: the door is closed at once, and a worker erases what lies behind it.

`begin` is one transaction. `go_on` may be killed anywhere: every step does what is left to do,
so the next worker that looks simply begins again.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import bell, personal_data, sessions
from accounts.models import AuditEntry, Erasure, Membership, StaffRole, Team, User

log = logging.getLogger("limner.accounts")

#: What was sent just before the door closed has arrived by then, and is found.
GRACE = dt.timedelta(minutes=1)


class StillNeeded(Exception):
    """The account cannot go yet; `str()` says to people why."""


def begin(user: User, *, by: User, reason: str = "") -> Erasure:
    """Close the account of `user` for good, and have everything erased that is personal.

    `by` is the person, or a member of staff, whose deed is written down. Raises `StillNeeded`
    while nobody else owns a team that has other members, or could administer this place; then
    nothing was done. Asking twice is the same as once.
    """
    if hindrances := why_not(user):
        raise StillNeeded(" ".join(hindrances))
    with transaction.atomic():
        # Two requests follow each other, and so do the last two administrators.
        admins = User.objects.select_for_update(no_key=True).filter(staff_role=StaffRole.ADMIN)
        list(admins.order_by("pk"))
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        erasure, is_new = Erasure.objects.get_or_create(user=user, defaults={"asked_by": by})
        if not is_new:
            return erasure
        if hindrances := why_not(user):
            raise StillNeeded(" ".join(hindrances))
        _leave_teams(user)
        sessions.end(user)
        personal_data.forget(user)
        if by != user:
            AuditEntry.objects.record(by, "user.erase", user, reason=reason)
        transaction.on_commit(import_string(settings.STOPS_CLOSED_ACCOUNTS), robust=True)
        transaction.on_commit(bell.ring, robust=True)
    return erasure


def why_not(user: User) -> list[str]:
    """What keeps `user` from being erased, in sentences; empty when nothing does."""
    found = []
    admins = User.objects.filter(staff_role=StaffRole.ADMIN, is_active=True).exclude(pk=user.pk)
    if user.staff_role == StaffRole.ADMIN and not admins.exists():
        found.append(_("Nobody else could administer this place: make somebody an administrator."))
    for team in teams_in_need(user):
        told = _("“%s” would have no owner: make somebody else one, or delete the team.")
        found.append(told % team.name)
    return found


def teams_in_need(user: User) -> list[Team]:
    """The teams with other people in them that `user` alone owns."""
    owned = [each for each in user.memberships.select_related("team") if each.is_last_owner]
    others = Membership.objects.exclude(user=user)
    return [each.team for each in owned if others.filter(team=each.team_id).exists()]


def go_on_all() -> int:
    """Erase what is left of everybody who is leaving; returns how many are gone for good."""
    gone = 0
    for erasure in Erasure.objects.filter(finished_at=None).select_related("user").order_by("pk"):
        try:
            gone += go_on(erasure)
        except Exception:
            # The others leave all the same; this one is tried again at the next look.
            log.exception("user %s could not be erased", erasure.user_id)
    return gone


def go_on(erasure: Erasure) -> bool:
    """Erase what there is; True when nothing can come after it."""
    for keeper in personal_data.keepers():
        keeper.erase(erasure.user)
    if timezone.now() < erasure.asked_at + GRACE:
        return False
    return bool(Erasure.objects.filter(pk=erasure.pk).update(finished_at=timezone.now()))


def _leave_teams(user: User) -> None:
    """End every membership; a team that nobody else is in ends too, and forgets its name."""
    for membership in user.memberships.select_related("team", "user").order_by("team_id"):
        if membership.is_last_owner:
            membership.team.close()
            name = _("Deleted team %d") % membership.team_id
            Team.objects.filter(pk=membership.team_id).update(name=name)
        else:
            membership.end()
