"""The account of whoever starts an empty server."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from django.db import IntegrityError

from accounts import addresses
from accounts.models import User

EMAIL = "admin@localhost"


class FirstAccount(NamedTuple):
    email: str
    password: str


def create_first_account() -> FirstAccount | None:
    """Make the first member of staff where nobody has an account yet; None where somebody has.

    The password is in the answer and nowhere else. Of two processes that start at once
    one makes the account: both want the same address, and the database has it once.
    """
    if User.objects.exists():
        return None
    account = FirstAccount(EMAIL, new_password())
    try:
        addresses.vouch(User.objects.create_superuser(account.email, account.password))
    except IntegrityError:
        return None
    return account


def new_password() -> str:
    """20 random letters, 99 bits, of those that are hard to misread."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))
