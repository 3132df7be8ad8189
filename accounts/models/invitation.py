"""Invitations to sign up, where SIGN_UP is "invitation"."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.api_key import hash_token

if TYPE_CHECKING:
    from accounts.models.user import User

VALID_FOR = dt.timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(used_at=None, expires_at__gt=timezone.now())

    def find(self, token: str) -> Invitation | None:
        """The invitation that `token` spells, open or not, or None."""
        return self.filter(hash=hash_token(token)).first()


class Invitation(models.Model):
    """A single-use way in, bound to an e-mail address."""

    email = models.EmailField()
    hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.email

    @classmethod
    def issue(cls, email: str, invited_by: User | None = None) -> tuple[Invitation, str]:
        """Make an invitation; returns it with the token that goes into the link."""
        token = secrets.token_urlsafe(24)
        invitation = cls.objects.create(
            email=email.lower(),
            hash=hash_token(token),
            invited_by=invited_by,
            expires_at=timezone.now() + VALID_FOR,
        )
        return invitation, token

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.expires_at > timezone.now()

    def use(self) -> bool:
        """Spend the invitation; False when somebody was faster or it expired."""
        mine = Invitation.objects.open().filter(pk=self.pk)
        return mine.update(used_at=timezone.now()) == 1
