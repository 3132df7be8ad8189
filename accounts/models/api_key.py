"""Keys for programs: shown once, kept as a prefix and an HMAC."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.payment import BudgetSpent
from accounts.prepared import Kinds, Prepared

if TYPE_CHECKING:
    from accounts.models.user import User

PREFIX_LENGTH = 12
NO_HASH = "-" * 64
USE_IS_NOTED_EVERY = dt.timedelta(minutes=1)


class Scope(models.TextChoices):
    READ = "read", _("Look at pictures, jobs and the balance")
    GENERATE = "generate", _("Make pictures and spend credits")
    GALLERY = "gallery", _("Change and delete pictures, manage your teams, keys and webhooks")
    ADMIN = "admin", _("Administer people and credits, as far as you may")


#: What a new key may do unless it says otherwise.
ORDINARY = [scope for scope in Scope if scope != Scope.ADMIN]


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, now: dt.datetime | None = None) -> Self:
        """Keys that open something now: not revoked nor past, and their owner may sign in."""
        timely = Q(expires_at=None) | Q(expires_at__gt=now or timezone.now())
        return self.filter(timely, revoked_at=None, user__is_active=True)

    def authenticate(self, token: str) -> ApiKey | None:
        """The usable key that `token` spells, with its user, or None.

        A wrong secret takes as long as a wrong prefix: one question for the hash, one hash and
        one comparison in constant time in either case, and the rest is fetched only after it
        fits. What differs is a row of one column, or none; the prefix that it could tell of is
        no secret, every list of keys shows it.
        """
        if not (token.isascii() and token.isprintable() and len(token) <= 200):
            return None
        asked = {"prefix": token[:PREFIX_LENGTH], "now": timezone.now()}
        kept = _HASH.rows(**asked)
        if not constant_time_compare(hash_token(token), kept[0][0] if kept else NO_HASH):
            return None
        found = _WITH_USER.rows(**asked)
        return _key_and_user(found[0]) if found else None


class ApiKey(models.Model):
    """Lets a program act for its user, within `scopes`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=PREFIX_LENGTH, unique=True)
    hash = models.CharField(max_length=64)
    # A list of Scope values.
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Credits that it may spend in its life (null: no limit of its own), and those it has spent.
    budget = models.PositiveBigIntegerField(null=True, blank=True)
    spent = models.PositiveBigIntegerField(default=0)
    # The key whose program asked for this one; they are revoked together.
    made_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="made"
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("API key")
        constraints = (
            models.CheckConstraint(condition=Q(spent__gte=0), name="api_key_spent_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def issue(
        cls,
        user: User,
        name: str,
        scopes: list[str] | None = None,
        *,
        budget: int | None = None,
        expires_at: dt.datetime | None = None,
        made_by: ApiKey | None = None,
    ) -> tuple[ApiKey, str]:
        """Make a key; returns it with the token, which nobody can read again."""
        token = f"lim_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"
        key = cls.objects.create(
            user=user,
            name=name,
            prefix=token[:PREFIX_LENGTH],
            hash=hash_token(token),
            scopes=ORDINARY if scopes is None else scopes,
            budget=budget,
            expires_at=expires_at,
            made_by=made_by,
        )
        return key, token

    @property
    def is_past(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_spent(self) -> bool:
        return self.budget is not None and self.spent >= self.budget

    def allows(self, scope: str) -> bool:
        return scope in self.scopes

    def spend(self, amount: int) -> None:
        """Count `amount` (0 or more) against the budget, or raise `BudgetSpent`."""
        if not amount:
            return
        fits = Q(budget=None) | Q(budget__gte=F("spent") + amount)
        if not ApiKey.objects.filter(fits, pk=self.pk).update(spent=F("spent") + amount):
            self.refresh_from_db(fields=["budget", "spent"])
            raise BudgetSpent(amount, max(0, (self.budget or 0) - self.spent))

    def unspend(self, amount: int) -> None:
        """Count back what was refunded."""
        ApiKey.objects.filter(pk=self.pk).update(spent=F("spent") - amount)

    def note_use(self) -> None:
        """Remember that the key was used, to the minute: one write a minute at most."""
        now = timezone.now()
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_IS_NOTED_EVERY)
        if self.last_used_at is None or self.last_used_at <= now - USE_IS_NOTED_EVERY:
            ApiKey.objects.filter(stale, pk=self.pk).update(last_used_at=now)
            self.last_used_at = now

    def revoke(self) -> None:
        """Stop it and what it made from the next request on; the first moment is kept."""
        now = timezone.now()
        # Two statements: the second also sees what was made while the first waited.
        for mine in (Q(pk=self.pk), Q(made_by=self.pk)):
            ApiKey.objects.filter(mine, revoked_at=None).update(revoked_at=now)
        self.refresh_from_db(fields=["revoked_at"])


def hash_token(token: str) -> str:
    return salted_hmac("limner.api_key", token, algorithm="sha256").hexdigest()


def _usable(prefix: str, now: dt.datetime) -> ApiKeyQuerySet:
    return ApiKey.objects.usable(now).filter(prefix=prefix).order_by()


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _whole(prefix: str, now: dt.datetime) -> models.QuerySet[ApiKey, tuple[object, ...]]:
    theirs = [f"user__{name}" for name in _columns(get_user_model())]
    return _usable(prefix, now).values_list(*_columns(ApiKey), *theirs)


def _key_and_user(row: tuple[object, ...]) -> ApiKey:
    names = _columns(ApiKey)
    key = ApiKey.from_db(DEFAULT_DB_ALIAS, names, row[: len(names)])
    person = get_user_model()
    key.user = person.from_db(DEFAULT_DB_ALIAS, _columns(person), row[len(names) :])
    return key


_KINDS: Kinds = {"prefix": models.CharField(), "now": models.DateTimeField()}
_HASH = Prepared(lambda prefix, now: _usable(prefix, now).values_list("hash"), _KINDS)
_WITH_USER = Prepared(_whole, _KINDS)
