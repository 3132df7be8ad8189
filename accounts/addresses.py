"""Whose an e-mail address is: proven by a mail, by staff or by the identity provider."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.models import User


def is_proven(user: User) -> bool:
    """Whether the address that `user` signs in with was shown to be theirs."""
    mine = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return bool(mine.exists())


def vouch(user: User) -> None:
    """Take the address as proven: whoever made this account knows whose it is."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
