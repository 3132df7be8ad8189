"""People: who they are, what they may, and what they hold."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import addresses, suspension
from accounts.admin.auditing import Audited, why
from accounts.admin.exports import Exported
from accounts.models import Erasure, StaffRole, User
from accounts.views.impersonation import begin
from accounts.views.staff_erasure import erase

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
    readonly_fields = ("credits", "teams", "look", "closed", "end", "last_login", "date_joined")
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "theme")}),
        (_("Credits and teams"), {"fields": ("credits", "teams")}),
        (
            _("Limits"),
            {
                "fields": ("storage_limit", "queue_limit", "running_limit"),
                "description": _(
                    "Megabytes of pictures; jobs that wait; jobs that run. Empty: what holds for "
                    "everybody. 0: none at all."
                ),
            },
        ),
        (_("Rights"), {"fields": ("staff_role", "closed", "look", "end")}),
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

    @admin.display(description=_("support"))
    def look(self, user: User) -> SafeString | str:
        """The way to see Limner as they do."""
        if not user.pk or user.is_staff or not user.is_active:
            return "-"
        url = reverse("admin:accounts_user_look", args=[user.pk])
        return format_html('<a href="{}">{}</a>', url, _("See Limner as they do"))

    @admin.display(description=_("closed"))
    def closed(self, user: User) -> str:
        if user.is_active:
            return "-"
        when = date_format(user.suspended_at, "Y-m-d H:i") if user.suspended_at else _("before")
        return f"{when}: {user.suspended_reason or '-'}"

    @admin.display(description=_("deletion"))
    def end(self, user: User) -> SafeString | str:
        """The way to delete the account for good."""
        if not user.pk or Erasure.objects.filter(user=user).exists():
            return str(_("Deleted for good")) if user.pk else "-"
        url = reverse("admin:accounts_user_erasure", args=[user.pk])
        return format_html('<a href="{}">{}</a>', url, _("Delete the account at their request"))

    @admin.action(description=_("Close: no more signing in, no more keys"), permissions=["change"])
    def close(self, request: HttpRequest, users: QuerySet[User]) -> None:
        by, reason = cast(User, request.user), why(request)
        for user in users:
            try:
                suspension.suspend(user, by=by, reason=reason)
            except suspension.MayNot as refusal:
                messages.error(request, f"{user.email}: {refusal}")

    @admin.action(description=_("Open again"), permissions=["change"])
    def reopen(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            suspension.reopen(user, by=cast(User, request.user), reason=why(request))

    def get_urls(self) -> list[URLPattern]:
        mine = [
            path(
                "<int:pk>/look/",
                self.admin_site.admin_view(self.begin_look),
                name="accounts_user_look",
            ),
            path(
                "<int:pk>/erasure/",
                self.admin_site.admin_view(self.erase),
                name="accounts_user_erasure",
            ),
        ]
        return [*mine, *super().get_urls()]

    def begin_look(self, request: HttpRequest, pk: int) -> HttpResponse:
        return begin(request, self.admin_site, pk)

    def erase(self, request: HttpRequest, pk: int) -> HttpResponse:
        return erase(request, self.admin_site, pk)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only an administrator gives roles, and nobody changes their own."""
        is_free = request.user.is_superuser and obj != request.user
        return (*self.readonly_fields, *(() if is_free else ("staff_role",)))

    def save_model(self, request: HttpRequest, user: User, form: ModelForm, change: bool) -> None:  # noqa: FBT001  Django's signature
        user.email = user.email.lower()
        user.set_staff_role(StaffRole(user.staff_role))
        if not change:
            user.save_with_wallet()
            addresses.vouch(user)
            return
        super().save_model(request, user, form, change)
        # allauth keeps addresses of its own, and the old one would still sign in.
        EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
        if "email" in form.changed_data:
            addresses.vouch(user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The ledger names its people for good; `close` is what ends an account.
        return False
