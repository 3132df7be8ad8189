"""What staff see of people and money. Credits move here by one form; the ledger is read only."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import invitations
from accounts.models import ApiKey, CreditEntry, Invitation, StaffRole, User, Wallet
from accounts.views.movement import movement

# The address to sign in with is a field of the person; a second list would confuse.
admin.site.unregister(EmailAddress)


class AddUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = AddUserForm
    list_display = ("email", "name", "credits", "is_active", "staff_role", "date_joined")
    list_filter = ("is_active", "staff_role")
    list_select_related = ("wallet",)
    show_full_result_count = False
    search_fields = ("email", "name")
    ordering = ("-id",)
    actions = ("close", "reopen")
    readonly_fields = ("credits", "last_login", "date_joined")
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "theme", "credits")}),
        (_("Rights"), {"fields": ("is_active", "staff_role", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    filter_horizontal = ("groups",)

    @admin.display(description=_("credits"), ordering="wallet__balance")
    def credits(self, user: User) -> SafeString | str:
        if not user.pk:
            return "-"
        url = reverse("admin:accounts_wallet_change", args=[user.wallet.pk])
        return format_html('<a href="{}">{}</a>', url, user.wallet.balance)

    @admin.action(description=_("Close: no more signing in, no more keys"), permissions=["change"])
    def close(self, request: HttpRequest, users: QuerySet[User]) -> None:
        # Not the one who is asking: nobody could open that account again.
        users.exclude(email=request.user.get_username()).update(is_active=False)

    @admin.action(description=_("Open again"), permissions=["change"])
    def reopen(self, request: HttpRequest, users: QuerySet[User]) -> None:
        users.update(is_active=True)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        rights = () if request.user.is_superuser else ("staff_role", "groups")
        return (*self.readonly_fields, *rights)

    def save_model(self, request: HttpRequest, user: User, form: ModelForm, change: bool) -> None:  # noqa: FBT001  Django's signature
        user.email = user.email.lower()
        user.set_staff_role(StaffRole(user.staff_role))
        if not change:
            user.save_with_wallet()
            return
        # What was changed and no more: they may be changing their password meanwhile.
        columns = {field.name for field in User._meta.concrete_fields} & set(form.changed_data)
        flags = {"is_staff", "is_superuser"} if "staff_role" in columns else set()
        user.save(update_fields=columns | flags)
        # allauth keeps addresses of its own, and the old one would still sign in.
        EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The ledger names its people for good; `close` is what ends an account.
        return False


class ReadOnly(admin.ModelAdmin):
    """Looked at here, changed elsewhere or never."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Wallet)
class WalletAdmin(ReadOnly):
    list_display = ("owner_email", "balance", "created_at")
    list_select_related = ("owner", "team")
    search_fields = ("owner__email", "owner__name", "team__name")
    ordering = ("-id",)
    fields = ("owner", "team", "balance", "created_at", "entries")
    readonly_fields = fields
    change_form_template = "accounts/admin/wallet.html"

    @admin.display(description=_("owner"), ordering="owner__email")
    def owner_email(self, wallet: Wallet) -> str:
        return wallet.name

    @admin.display(description=_("statement"))
    def entries(self, wallet: Wallet) -> SafeString:
        url = reverse("admin:accounts_creditentry_changelist")
        return format_html('<a href="{}?wallet__id__exact={}">{}</a>', url, wallet.pk, _("Show"))

    def get_urls(self) -> list[URLPattern]:
        mine = path(
            "<int:pk>/movement/",
            self.admin_site.admin_view(self.movement),
            name="accounts_wallet_movement",
        )
        return [mine, *super().get_urls()]

    def movement(self, request: HttpRequest, pk: int) -> HttpResponse:
        return movement(request, self, pk)

    def may_move(self, request: HttpRequest) -> bool:
        """Whether this member of staff may grant and correct."""
        return bool(request.user.has_perm("accounts.change_wallet"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        context["may_move"] = self.may_move(request)
        return super().render_change_form(request, context, *args, **options)


@admin.register(CreditEntry)
class CreditEntryAdmin(ReadOnly):
    list_display = ("id", "created_at", "owner", "kind", "amount", "balance", "why", "actor")
    list_filter = ("kind", "created_at")
    list_select_related = ("wallet__owner", "wallet__team", "actor")
    search_fields = ("=reference", "wallet__owner__email")
    list_per_page = 50

    @admin.display(description=_("owner"))
    def owner(self, entry: CreditEntry) -> str:
        return entry.wallet.name

    @admin.display(description=_("why"))
    def why(self, entry: CreditEntry) -> str:
        return f"{entry.reason} ({entry.reference})" if entry.reason else entry.reference

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "wallet__id__exact" or super().lookup_allowed(lookup, value, request)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    list_display = ("prefix", "name", "user", "last_used_at", "created_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("prefix", "name", "user__email")
    fields = ("user", "name", "prefix", "scopes", "created_at", "last_used_at", "revoked_at")
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_apikey"))

    @admin.action(description=_("Revoke, at once and for good"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        for key in keys:
            key.revoke()
            self.log_change(request, key, "Revoked.")


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    list_display = ("email", "invited_by", "created_at", "expires_at", "used_at")
    list_select_related = ("invited_by",)
    search_fields = ("email",)
    fields = ("email",)

    def save_model(
        self,
        request: HttpRequest,
        obj: Invitation,
        form: ModelForm,
        change: bool,  # noqa: FBT001  Django's signature
    ) -> None:
        invitation, token = Invitation.issue(obj.email, cast(User, request.user))
        # The admin's log names the row that it was given.
        obj.pk, obj.email = invitation.pk, invitation.email
        link = invitations.link(token)
        told = _("Send this link to %(email)s; it is shown this once: %(link)s")
        messages.success(request, told % {"email": obj.email, "link": link})

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
