"""Lists of the administration as tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone

from accounts import csv_export
from accounts.models import AuditEntry, User

#: Rows that the database hands over together.
AT_ONCE = 2000


class Exported(admin.ModelAdmin):
    """A list that can be taken away as CSV, as it is searched and filtered."""

    #: Paths through the model, "wallet__balance"; also the header.
    export_columns: Sequence[str] = ()
    change_list_template: ClassVar[Any] = "accounts/admin/list.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        mine = path("export/", self.admin_site.admin_view(self.export), name=name)
        return [mine, *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The whole list, streamed: any number of rows takes the same memory."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request).order_by("-pk")
        self._note(request)
        values = rows.values_list(*self.export_columns).iterator(chunk_size=AT_ONCE)
        name = f"{self.opts.model_name}-{timezone.now():%Y-%m-%d}"
        return csv_export.download(name, self.export_columns, values)

    def _note(self, request: HttpRequest) -> None:
        # What was searched for may name a person, and the log keeps no names.
        asked = sorted(request.GET)
        me = cast(User, request.user)
        action = f"{self.opts.model_name}.export"
        AuditEntry.objects.record(me, action, me, after={"narrowed by": asked} if asked else {})
