"""Teams: their people, their wallet, and their end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.auditing import Audited, ReadOnly
from accounts.models import Membership, Role, Team, TeamInvitation


class PeopleFormSet(forms.BaseInlineFormSet):
    """Somebody owns the team, whatever else changes."""

    def said(self, row: Membership) -> str:
        """How the audit log names a row: people by number."""
        return f"membership of user:{row.user_id}"

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        # A row is a person's for good: another one is another row.
        form.fields["user"].disabled = bool(form.instance.pk)

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or self.instance.closed_at:
            return
        # Held until the end of the page's transaction, so that no owner leaves meanwhile.
        Team.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        left = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        if not any(data.get("role") == Role.OWNER for data in left):
            raise forms.ValidationError(_("Somebody must own the team."))


class PeopleInline(admin.TabularInline):
    model = Membership
    formset = PeopleFormSet
    fields = ("user", "role", "monthly_limit", "joined_at")
    readonly_fields = ("joined_at",)
    autocomplete_fields = ("user",)
    extra = 0
    verbose_name_plural = _("people")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may_change_teams(request) and not (obj and obj.closed_at)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may_change_teams(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may_change_teams(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.view_team"))


def _may_change_teams(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("accounts.change_team"))


@admin.register(Team)
class TeamAdmin(Audited):
    list_display = ("name", "people", "credits", "created_at", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("wallet",)
    search_fields = ("name", "=id")
    ordering = ("-id",)
    fields = ("name", "credits", "created_at", "closed_at")
    readonly_fields = ("credits", "created_at", "closed_at")
    inlines = (PeopleInline,)
    actions = ("close",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).annotate(size=Count("memberships"))

    @admin.display(description=_("people"))
    def people(self, team: Any) -> int:
        return int(team.size)

    @admin.display(description=_("credits"), ordering="wallet__balance")
    def credits(self, team: Team) -> SafeString:
        url = reverse("admin:accounts_wallet_change", args=[team.wallet.pk])
        return format_html('<a href="{}">{}</a>', url, team.wallet.balance)

    @admin.action(description=_("Close: nobody is in it any more"), permissions=["change"])
    def close(self, request: HttpRequest, teams: QuerySet[Team]) -> None:
        for team in teams:
            if team.close():
                self.audit(request, "close", team)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """By the same verbs as the team's own pages; owners come before others go."""
        formset.save(commit=False)
        for row in formset.new_objects:
            row.save()
        changed = sorted(formset.changed_objects, key=lambda pair: pair[0].role != Role.OWNER)
        for row, names in changed:
            if "role" in names:
                row.take_role(Role(row.role))
            if "monthly_limit" in names:
                row.limit_to(row.monthly_limit)
        for row in formset.deleted_objects:
            row.end()

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Whoever founds a team owns it.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(TeamInvitation)
class TeamInvitationAdmin(ReadOnly, Audited):
    list_display = ("team", "role", "email", "used", "uses", "expires_at", "revoked_at")
    list_select_related = ("team",)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "role")
    search_fields = ("team__name", "email")
    fields = (
        *("team", "role", "email", "invited_by", "used", "uses"),
        *("created_at", "expires_at", "revoked_at"),
    )
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_teaminvitation"))

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, invitations: QuerySet[TeamInvitation]) -> None:
        for invitation in invitations.filter(revoked_at=None):
            invitation.revoke()
            self.audit(request, "revoke", invitation)
