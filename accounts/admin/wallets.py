"""Wallets, the ledger and allowances. Credits move by one form, and entries are for good."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.auditing import Audited, Change, ReadOnly, WhyActionForm, why
from accounts.admin.exports import Exported
from accounts.models import AllowancePlan, CreditEntry, Kind, Wallet
from accounts.views.movement import movement


class PlanActionForm(WhyActionForm):
    plan = forms.ModelChoiceField(
        AllowancePlan.objects.all(), label=_("Plan:"), required=False, empty_label=_("none")
    )


@admin.register(Wallet)
class WalletAdmin(Audited):
    list_display = ("whose", "balance", "allowance", "created_at")
    list_filter = (("team", admin.EmptyFieldListFilter), "allowance")
    list_select_related = ("owner", "team", "allowance")
    search_fields = ("owner__email", "owner__name", "team__name")
    ordering = ("-id",)
    fields = ("whose_page", "balance", "ending", "allowance", "created_at", "entries")
    readonly_fields = ("whose_page", "balance", "ending", "created_at", "entries")
    autocomplete_fields = ("allowance",)
    change_form_template = "accounts/admin/wallet.html"
    action_form = PlanActionForm
    actions = ("put_on_plan",)

    @admin.display(description=_("owner"), ordering="owner__email")
    def whose(self, wallet: Wallet) -> str:
        return wallet.name

    @admin.display(description=_("owner"))
    def whose_page(self, wallet: Wallet) -> SafeString:
        kind, pk = ("user", wallet.owner_id) if wallet.owner_id else ("team", wallet.team_id)
        url = reverse(f"admin:accounts_{kind}_change", args=[pk])
        return format_html('<a href="{}">{}</a>', url, wallet.name)

    @admin.display(description=_("of these end"))
    def ending(self, wallet: Wallet) -> SafeString | str:
        lots = wallet.lots.left().order_by("expires_at")[:12]
        told = [(lot.remaining, f"{lot.expires_at:%Y-%m-%d %H:%M}") for lot in lots]
        return format_html_join("", "<div>{} · {} UTC</div>", told) or str(_("none"))

    @admin.display(description=_("statement"))
    def entries(self, wallet: Wallet) -> SafeString:
        url = reverse("admin:accounts_creditentry_changelist")
        return format_html('<a href="{}?wallet__id__exact={}">{}</a>', url, wallet.pk, _("Show"))

    @admin.action(description=_("Put on the chosen plan, or on none"), permissions=["change"])
    def put_on_plan(self, request: HttpRequest, wallets: QuerySet[Wallet]) -> None:
        form = PlanActionForm(request.POST)
        form.fields["action"].choices = [("put_on_plan", "")]  # type: ignore[attr-defined]
        if not form.is_valid():
            messages.error(request, _("Nothing was done: there is no such plan."))
            return
        plan = form.cleaned_data["plan"]
        for wallet in wallets:
            change = Change({"allowance": wallet.allowance_id}, {"allowance": plan and plan.pk}, "")
            self.audit(request, "change", wallet, change._replace(reason=why(request)))
        count = wallets.update(allowance=plan)
        messages.success(request, _("%(count)d on %(plan)s.") % {"count": count, "plan": plan})

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

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Comes with its person or team, and stays with the ledger.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CreditEntry)
class CreditEntryAdmin(Exported, ReadOnly):
    list_display = ("id", "created_at", "owner", "kind", "amount", "balance", "why", "actor")
    list_filter = ("kind", "created_at")
    list_select_related = ("wallet__owner", "wallet__team", "actor")
    search_fields = ("=reference", "wallet__owner__email", "wallet__team__name")
    search_help_text = _("Whose wallet, or what it was for: generation:<id>")
    list_per_page = 50
    change_form_template = "accounts/admin/entry.html"
    export_columns = (
        *("id", "created_at", "wallet", "wallet__owner__email", "wallet__team__name", "kind"),
        *("amount", "balance", "reference", "reason", "actor__email", "buyer__email"),
        *("item", "project"),
    )

    @admin.display(description=_("owner"))
    def owner(self, entry: CreditEntry) -> str:
        return entry.wallet.name

    @admin.display(description=_("why"))
    def why(self, entry: CreditEntry) -> str:
        return f"{entry.reason} ({entry.reference})" if entry.reason else entry.reference

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "wallet__id__exact" or super().lookup_allowed(lookup, value, request)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        entry: CreditEntry = options["obj"]
        # What a job was charged is given back by the job, not here.
        by_staff = entry.kind in {Kind.GRANT, Kind.CORRECTION}
        context["may_correct"] = by_staff and request.user.has_perm("accounts.change_wallet")
        return super().render_change_form(request, context, *args, **options)


@admin.register(AllowancePlan)
class AllowancePlanAdmin(Audited):
    list_display = ("name", "amount", "rolls_over", "on_it")
    search_fields = ("name",)
    fields = ("name", "amount", "rolls_over", "on_it")
    readonly_fields = ("on_it",)

    @admin.display(description=_("wallets on it"))
    def on_it(self, plan: AllowancePlan) -> SafeString | str:
        if not plan.pk:
            return "-"
        url = reverse("admin:accounts_wallet_changelist")
        count = plan.wallets.count()
        return format_html('<a href="{}?allowance__id__exact={}">{}</a>', url, plan.pk, count)
