"""People: who they are, what they may, and what they hold."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.auditing import Audited
from accounts.admin.exports import Exported
from accounts.models import StaffRole, User

# Staff have one role; rights by groups would go past `staff_rights`.
admin.site.unregister(Group)


class AddUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(Exported, DjangoUserAdmin, Audited):  # type: ignore[misc]  # get_form agrees
    add_form = AddUserForm
    list_display = ("email", "name", "credits", "is_active", "staff_role", "date_joined")
    list_filter = ("is_active", "staff_role", "date_joined")
    list_select_related = ("wallet",)
    search_fields = ("email", "name", "=id")
    ordering = ("-id",)
    actions = ("close", "reopen")
    readonly_fields = ("credits", "teams", "last_login", "date_joined")
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "theme")}),
        (_("Credits and teams"), {"fields": ("credits", "teams")}),
        (_("Rights"), {"fields": ("is_active", "staff_role")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    filter_horizontal = ()
    unkept = ("email", "name", "password", "password1", "password2")
    own_actions: ClassVar = {"staff_role": "role"}
    derived: ClassVar = {"staff_role": ("is_staff", "is_superuser")}
    export_columns = (
        *("id", "email", "name", "is_active", "staff_role", "date_joined", "last_login"),
        "wallet__balance",
    )

    @admin.display(description=_("credits"), ordering="wallet__balance")
    def credits(self, user: User) -> SafeString | str:
        if not user.pk:
            return "-"
        url = reverse("admin:accounts_wallet_change", args=[user.wallet.pk])
        return format_html('<a href="{}">{}</a>', url, user.wallet.balance)

    @admin.display(description=_("teams"))
    def teams(self, user: User) -> SafeString | str:
        links = [
            format_html(
                '<a href="{}">{}</a> ({})',
                reverse("admin:accounts_team_change", args=[each.team_id]),
                each.team,
                each.get_role_display(),
            )
            for each in user.memberships.select_related("team")
        ]
        return SafeString(", ".join(links)) or "-"

    @admin.action(description=_("Close: no more signing in, no more keys"), permissions=["change"])
    def close(self, request: HttpRequest, users: QuerySet[User]) -> None:
        # Not the one who is asking: nobody could open that account again.
        self._set_active(request, users.exclude(email=request.user.get_username()), active=False)

    @admin.action(description=_("Open again"), permissions=["change"])
    def reopen(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._set_active(request, users, active=True)

    def _set_active(self, request: HttpRequest, users: QuerySet[User], *, active: bool) -> None:
        for user in users.filter(is_active=not active):
            self.audit(request, "reopen" if active else "close", user)
            User.objects.filter(pk=user.pk).update(is_active=active)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only an administrator gives roles, and nobody changes their own."""
        is_free = request.user.is_superuser and obj != request.user
        return (*self.readonly_fields, *(() if is_free else ("staff_role", "is_active")))

    def save_model(self, request: HttpRequest, user: User, form: ModelForm, change: bool) -> None:  # noqa: FBT001  Django's signature
        user.email = user.email.lower()
        user.set_staff_role(StaffRole(user.staff_role))
        if not change:
            user.save_with_wallet()
            return
        super().save_model(request, user, form, change)
        # allauth keeps addresses of its own, and the old one would still sign in.
        EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The ledger names its people for good; `close` is what ends an account.
        return False
