"""Making keys for programs: how many, for whom, and never mightier than the key that asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ORDINARY, ApiKey, Scope, User

#: Keys that somebody may have in use at once.
MAX_KEYS = 50


class TooManyKeys(Exception):
    """The person has `MAX_KEYS` in use."""

    def __init__(self) -> None:
        told = _("You have %d keys already. Revoke one that you no longer need.")
        super().__init__(told % MAX_KEYS)


class AddsNoKey(Exception):
    """The key that is wanted may not be made. `field` is what is wrong, empty for all of it."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def scopes_for(user: User) -> list[Scope]:
    """What a key of `user` can be allowed."""
    return [scope for scope in Scope if scope in ORDINARY or user.is_staff]


@transaction.atomic
def add_key(
    user: User,
    name: str,
    scopes: Sequence[str],
    *,
    budget: int | None = None,
    expires_at: dt.datetime | None = None,
    made_by: ApiKey | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its token. One that another key makes takes its budget out of that key's.

    Raises TooManyKeys, AddsNoKey or BudgetSpent, and then nothing was made.
    """
    # Two that are made at once are counted one after the other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if ApiKey.objects.usable().filter(user=user).count() >= MAX_KEYS:
        raise TooManyKeys
    if not set(scopes) <= set(scopes_for(user)):
        raise AddsNoKey("scopes", _("Only staff may have such a key."))
    if made_by:
        _check_maker(made_by, scopes, budget, expires_at)
        if made_by.budget is not None:
            made_by.spend(budget or 0)
    return ApiKey.issue(
        user, name, list(scopes), budget=budget, expires_at=expires_at, made_by=made_by
    )


def _check_maker(
    maker: ApiKey, scopes: Sequence[str], budget: int | None, expires_at: dt.datetime | None
) -> None:
    if not ApiKey.objects.usable().select_for_update().filter(pk=maker.pk).exists():
        raise AddsNoKey("", _("This key was revoked."))
    if maker.made_by_id:
        raise AddsNoKey("", _("A key that was made by another one makes none."))
    if missing := [scope for scope in scopes if not maker.allows(scope)]:
        raise AddsNoKey("scopes", _("This key itself lacks “%s”.") % ", ".join(missing))
    if maker.expires_at and (expires_at is None or expires_at > maker.expires_at):
        raise AddsNoKey("expiresAt", _("It cannot last longer than this key."))
    if maker.budget is not None and budget is None:
        raise AddsNoKey("budget", _("This key has a budget, so the new one needs one too."))
