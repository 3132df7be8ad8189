"""How people sign in: what staff may remove when somebody lost it, and nothing that opens a door.

Sessions, tokens and the providers' secrets are not shown to anybody.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.auditing import Audited, ReadOnly

# The address to sign in with is a field of the person; a second list would confuse.
for _model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(_model)


class RemovedHere(ReadOnly, Audited):
    """Made by its owner; an administrator can take it away."""

    list_select_related = ("user",)
    search_fields = ("user__email",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        codename = f"delete_{self.opts.model_name}"
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")


@admin.register(Authenticator)
class SecondStepAdmin(RemovedHere):
    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    fields = ("user", "type", "created_at", "last_used_at")
    unkept = ("data",)


@admin.register(SocialAccount)
class SingleSignOnAdmin(RemovedHere):
    list_display = ("user", "provider", "last_login", "date_joined")
    fields = ("user", "provider", "last_login", "date_joined")
    unkept = ("uid", "extra_data")
