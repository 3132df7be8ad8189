"""Showing a picture to one person, or to whoever has a link. What is given can be taken back.

Nobody learns here who has an account: people are offered by name to those who are in a team with
them, and an e-mail address is only ever sent an invitation, whoever it belongs to.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import throttling
from accounts.models import Membership, Team, User
from gallery.models import Asset, Share, ShareKind

log = logging.getLogger("limner.gallery")

#: How many people, and how many links, one picture has at most.
MAX_PEOPLE, MAX_LINKS = 100, 20
#: How long an invitation waits.
WAITS = dt.timedelta(days=14)
#: Mails that one person may have sent: at once, and in the long run a dozen an hour.
MAILS = throttling.Limit("share-mails", burst=30, per_second=12 / 3600)


class CannotShare(Exception):
    """Nothing was shared; `str()` says why to people, `field` what was wrong ("" for nothing)."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


def colleagues(user: User) -> QuerySet[User]:
    """Whom `user` may share with by name: the people of their teams."""
    together = Membership.objects.filter(team__in=Team.objects.of(user)).exclude(user=user)
    people = User.objects.filter(pk__in=together.values("user"), is_active=True)
    return people.order_by("name", "email", "pk")


def with_colleague(asset: Asset, person_id: int, *, may_edit: bool) -> Share:
    """Show it to somebody of the owner's teams. Raises `CannotShare`."""
    person = colleagues(asset.owner).filter(pk=person_id).first()
    if person is None:
        raise CannotShare(_("That is nobody in a team with you. Use an e-mail address."), "person")
    _check_room(asset, person=person)
    return Share.objects.give(asset, person, may_edit=may_edit)


def by_mail(asset: Asset, email: str, *, may_edit: bool) -> Share:
    """Invite whoever reads mail at `email`, with an account of that address or without.

    Whoever it is sees the picture once they have signed in and accepted. Asking again sends the
    mail again. Raises `CannotShare`.
    """
    email = email.lower()
    if email == asset.owner.email.lower():
        raise CannotShare(_("That is your own address."), "email")
    _check_room(asset, email=email)
    if not throttling.take(MAILS, str(asset.owner_id)).allowed:
        raise CannotShare(_("You have sent many mails just now. Wait an hour, or use a link."))
    fresh = {"may_edit": may_edit, "expires_at": timezone.now() + WAITS}
    share, created = Share.objects.update_or_create(
        asset=asset,
        email=email,
        defaults=fresh,
        create_defaults={
            **fresh,
            "kind": ShareKind.PERSON,
            "made_by": asset.owner,
            "made_at": asset.created_at,
        },
    )
    try:
        _send(share)
    except CannotShare:
        if created:
            share.delete()
        raise
    return share


def by_link(
    asset: Asset,
    *,
    shows_prompt: bool = True,
    password: str = "",
    expires_at: dt.datetime | None = None,
) -> Share:
    """A link that opens the picture for anybody who has it. Raises `CannotShare`."""
    with transaction.atomic():
        # Two that are made at once are counted one after the other.
        Asset.objects.select_for_update(no_key=True).get(pk=asset.pk)
        if asset.direct_shares.links().count() >= MAX_LINKS:
            raise CannotShare(_("It has %d links already. Revoke one first.") % MAX_LINKS)
        return Share.objects.create(
            asset=asset,
            kind=ShareKind.LINK,
            made_by=asset.owner,
            made_at=asset.created_at,
            shows_prompt=shows_prompt,
            password=make_password(password) if password else "",
            expires_at=expires_at,
        )


def accept(share: Share, user: User) -> bool:
    """Let `user` in whom the invitation waited for; False when it is over."""
    try:
        with transaction.atomic():
            return share.accept(user)
    except IntegrityError:
        # The picture was deleted in this very moment.
        return False


def address(share: Share) -> str:
    """What to send to whoever may see it: the link's page, or the invitation's."""
    name = "share_link" if share.kind == ShareKind.LINK else "share_invitation"
    return settings.BASE_URL + reverse(name, args=[share.token])


def _check_room(asset: Asset, **whom: object) -> None:
    people = asset.direct_shares.people()
    if not people.filter(**whom).exists() and people.count() >= MAX_PEOPLE:
        told = _("It is shared with %d people already. A team is the better way.")
        raise CannotShare(told % MAX_PEOPLE)


def _send(share: Share) -> None:
    # Names are one line each: a line end would begin another header.
    words = {
        "sharer": " ".join(share.made_by.display_name.split()),
        "may_edit": share.may_edit,
        "url": address(share),
        "day": share.expires_at,
        "base_url": settings.BASE_URL,
    }
    subject = _("%(sharer)s shows you a picture") % words
    body = render_to_string("gallery/mail/share_invitation.txt", words)
    try:
        EmailMessage(f"Limner: {subject}", body, to=[share.email]).send()
    except (OSError, smtplib.SMTPException) as error:
        log.error("an invitation to a picture could not be sent: %s", error)
        told = _("The mail could not be sent. Try it again later, or use a link.")
        raise CannotShare(told) from error
