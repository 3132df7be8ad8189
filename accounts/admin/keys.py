"""Keys of programs, and invitations to sign up."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import invitations
from accounts.admin.auditing import Audited, ReadOnly
from accounts.models import ApiKey, Invitation, User


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly, Audited):
    list_display = (
        *("prefix", "name", "user", "spent", "budget", "last_used_at", "created_at"),
        *("expires_at", "revoked_at"),
    )
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("prefix", "name", "user__email")
    fields = (
        *("user", "name", "prefix", "scopes", "spent", "budget"),
        *("created_at", "last_used_at", "expires_at", "revoked_at"),
    )
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_apikey"))

    @admin.action(description=_("Revoke, at once and for good"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        for key in keys.filter(revoked_at=None):
            key.revoke()
            self.audit(request, "revoke", key)


@admin.register(Invitation)
class InvitationAdmin(Audited):
    list_display = ("email", "invited_by", "created_at", "expires_at", "used_at")
    list_select_related = ("invited_by",)
    search_fields = ("email",)
    fields = ("email",)
    unkept = ("email", "hash")

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: ModelForm,
        change: bool,  # noqa: FBT001  Django's signature
    ) -> None:
        invitation, token = Invitation.issue(obj.email, cast(User, request.user))
        # The log names the row that it is given.
        obj.pk, obj.email = invitation.pk, invitation.email
        link = invitations.link(token)
        told = _("Send this link to %(email)s; it is shown this once: %(link)s")
        messages.success(request, told % {"email": obj.email, "link": link})

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
