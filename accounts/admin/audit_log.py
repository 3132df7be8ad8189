"""What staff did, for staff to read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.auditing import ReadOnly
from accounts.admin.exports import Exported
from accounts.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(Exported, ReadOnly):
    list_display = ("at", "actor", "action", "on", "changes", "reason")
    list_filter = (("action", admin.AllValuesFieldListFilter), "at")
    list_select_related = ("actor",)
    list_per_page = 50
    search_fields = ("=subject", "actor__email", "=action")
    search_help_text = _("An action, who did it (e-mail), or to what: user:7, wallet:12")
    fields = ("at", "actor", "action", "on", "changes", "reason")
    ordering = ("-id",)
    export_columns = ("id", "at", "actor__email", "action", "subject", "before", "after", "reason")

    @admin.display(description=_("to"))
    def on(self, entry: AuditEntry) -> SafeString | str:
        url = self._page_of(entry.subject)
        return format_html('<a href="{}">{}</a>', url, entry.subject) if url else entry.subject

    @admin.display(description=_("before → after"))
    def changes(self, entry: AuditEntry) -> SafeString | str:
        names = dict.fromkeys([*entry.before, *entry.after])
        rows = [
            (name, _told(entry.before.get(name)), _told(entry.after.get(name))) for name in names
        ]
        return format_html_join("", "<div><b>{}</b>: {} → {}</div>", rows) or "-"

    def _page_of(self, subject: str) -> str:
        """Where the row of "user:7" is looked at, "" when there is no such page."""
        name, _colon, pk = subject.partition(":")
        models_here: dict[str | None, type[models.Model]] = {
            model._meta.model_name: model for model in self.admin_site._registry
        }
        if name not in models_here:
            return ""
        try:
            return reverse(f"admin:{models_here[name]._meta.app_label}_{name}_change", args=[pk])
        except NoReverseMatch:
            return ""


def _told(value: Any) -> str:
    return "-" if value in (None, "") else str(value)
