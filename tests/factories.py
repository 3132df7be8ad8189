"""Rows for tests. Each app has its section; callers name only what the test is about."""

from __future__ import annotations

import itertools

from accounts.models import ApiKey, User

_number = itertools.count(1)

# accounts

#: Everybody's password in the tests.
PASSWORD = "correct horse battery"


def make_user(
    email: str = "", *, name: str = "", is_staff: bool = False, credits: int | None = 200
) -> User:
    """A person with a wallet who signs in with `PASSWORD`; staff may do everything."""
    return User.objects.create_user(
        email or f"person{next(_number)}@example.org",
        PASSWORD,
        name=name,
        is_staff=is_staff,
        is_superuser=is_staff,
        credits=credits,
    )


def make_key(user: User, *, scopes: list[str] | None = None) -> tuple[ApiKey, dict[str, str]]:
    """A key, and the request headers that carry it."""
    key, token = ApiKey.issue(user, "a program", scopes)
    return key, {"Authorization": f"Bearer {token}"}
