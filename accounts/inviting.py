"""Inviting people into a team: by e-mail, or by a link to pass on."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import throttling
from accounts.models import Membership, Role, Team, TeamInvitation
from accounts.models.team_invitation import VALID_FOR, InvitationIsOver

log = logging.getLogger("limner.accounts")

#: Invitations of one team that may be open at once.
MAX_PENDING = 100
#: Mails that one person may have sent: at once, and in the long run a dozen an hour.
MAILS = throttling.Limit("team-mails", burst=30, per_second=12 / 3600)


class CannotInvite(Exception):
    """Nobody was invited; `str()` says why to people."""


def issue(
    inviter: Membership,
    role: Role,
    *,
    email: str = "",
    uses: int = 1,
    valid_for: dt.timedelta = VALID_FOR,
) -> tuple[TeamInvitation, str]:
    """An invitation with its token, which nobody can read again; nothing is sent.

    Raises `CannotInvite`.
    """
    team = inviter.team
    _check_is_new(team, email)
    if team.invitations.open().count() >= MAX_PENDING:
        told = _("%d invitations are open already. Revoke some that nobody will use.")
        raise CannotInvite(told % MAX_PENDING)
    return TeamInvitation.issue(
        team, role, invited_by=inviter.user, email=email, uses=uses, valid_for=valid_for
    )


def by_mail(inviter: Membership, email: str, role: Role) -> TeamInvitation:
    """Send an invitation that `email` alone can use; one that is open already is sent anew.

    Raises `CannotInvite`.
    """
    team = inviter.team
    _check_is_new(team, email)
    earlier = team.invitations.pending().filter(email=email.lower()).first()
    if earlier:
        TeamInvitation.objects.filter(pk=earlier.pk).update(role=role)
        earlier.role = role
        send_again(inviter, earlier)
        return earlier
    invitation, token = issue(inviter, role, email=email)
    try:
        _check_mails(inviter)
        _send(inviter, invitation, token)
    except CannotInvite:
        invitation.delete()
        raise
    return invitation


def send_again(inviter: Membership, invitation: TeamInvitation) -> None:
    """The mail once more, with a new link that replaces the old. Raises `CannotInvite`."""
    _check_mails(inviter)
    before = {"hash": invitation.hash, "expires_at": invitation.expires_at}
    try:
        token = invitation.renew()
    except InvitationIsOver:
        raise CannotInvite(_("This invitation was used meanwhile.")) from None
    try:
        _send(inviter, invitation, token)
    except CannotInvite:
        # The link that went out before opens the team as long as it did.
        TeamInvitation.objects.filter(pk=invitation.pk).update(**before)
        raise


def by_link(
    inviter: Membership, role: Role, *, uses: int, valid_for: dt.timedelta
) -> tuple[TeamInvitation, str]:
    """A link that lets `uses` people in; returns its address, which nobody can read again.

    Raises `CannotInvite`.
    """
    invitation, token = issue(inviter, role, uses=uses, valid_for=valid_for)
    return invitation, address(token)


def link_again(invitation: TeamInvitation) -> str:
    """Another link instead of the one that was shown before. Raises `CannotInvite`."""
    try:
        return address(invitation.renew())
    except InvitationIsOver:
        raise CannotInvite(_("This invitation was used meanwhile.")) from None


def address(token: str) -> str:
    """What to send to whoever is invited."""
    return settings.BASE_URL + reverse("team_invitation", args=[token])


def mail_leaves() -> bool:
    """Whether this server sends mail to people at all, and not to a folder."""
    return "filebased" not in settings.EMAIL_BACKEND


def _check_is_new(team: Team, email: str) -> None:
    if email and team.memberships.filter(user__email__iexact=email).exists():
        raise CannotInvite(_("This person is in the team already."))


def _check_mails(inviter: Membership) -> None:
    if not throttling.take(MAILS, str(inviter.user_id)).allowed:
        raise CannotInvite(_("You have sent many mails just now. Wait an hour, or use a link."))


def _send(inviter: Membership, invitation: TeamInvitation, token: str) -> None:
    # Names are one line each: a line end would begin another header.
    words = {
        "team": " ".join(inviter.team.name.split()),
        "inviter": " ".join(inviter.user.display_name.split()),
        "role": invitation.get_role_display(),
        "url": address(token),
        "day": invitation.expires_at,
        "base_url": settings.BASE_URL,
    }
    subject = _("%(inviter)s invites you to %(team)s") % words
    body = render_to_string("accounts/mail/team_invitation.txt", words)
    try:
        EmailMessage(f"Limner: {subject}", body, to=[invitation.email]).send()
    except (OSError, smtplib.SMTPException) as error:
        log.error("an invitation could not be sent: %s", error)
        told = _("The mail could not be sent. Try it again later, or use a link.")
        raise CannotInvite(told) from error
