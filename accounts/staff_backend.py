"""Tells Django's admin what the staff roles may do."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import StaffRole, User
from accounts.staff_rights import holds, works_in


class StaffRoleBackend(BaseBackend):
    """Answers `has_perm` by the role. Nobody signs in through it."""

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: models.Model | None = None
    ) -> bool:
        return holds(_role(user_obj), perm)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return works_in(_role(user_obj), app_label)


def _role(user: Any) -> str:
    return user.staff_role if isinstance(user, User) and user.is_active else StaffRole.NONE
