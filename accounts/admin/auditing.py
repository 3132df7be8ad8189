"""What every page of the administration is: one to look at, or one whose deeds are written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar, NamedTuple, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User

#: The field of every form that asks for the reason.
WHY = "audit_reason"
#: What the log says in place of a value that it must not keep.
NOT_KEPT = "(not kept)"


class Change(NamedTuple):
    """What a form changed, as the log keeps it."""

    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


def why_field(*, required: bool) -> forms.CharField:
    """Asks for the reason."""
    return forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=required,
        help_text=_("For the audit log: why you do this."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class WhyActionForm(ActionForm):
    audit_reason = forms.CharField(label=_("Reason:"), max_length=300, required=False)


class Audited(admin.ModelAdmin):
    """Writes what staff do here into the audit log, and asks them why.

    A form saves what it changed and nothing else: the rest may have changed meanwhile.
    """

    show_full_result_count = False
    action_form: ClassVar[Any] = WhyActionForm
    change_form_template: ClassVar[Any] = "accounts/admin/row.html"
    delete_confirmation_template = "accounts/admin/delete.html"
    #: Fields whose values the log leaves out: what names a person, what is secret.
    unkept: Sequence[str] = ()
    #: Field -> the action in the log when it changed; otherwise "<model>.change".
    own_actions: ClassVar[Mapping[str, str]] = {}
    #: Field -> the columns that follow from it without being fields themselves.
    derived: ClassVar[Mapping[str, Sequence[str]]] = {}
    #: Whether a change is refused without a reason; whoever adds need not give one.
    needs_reason = True

    # Forms.

    def get_form(
        self,
        request: HttpRequest,
        obj: models.Model | None = None,
        change: bool = False,  # noqa: FBT001, FBT002  Django's signature
        **options: Any,
    ) -> Any:
        base = options.pop("form", None) or self.form
        why = why_field(required=self.needs_reason and change)
        asking = type(base.__name__, (base,), {WHY: why})
        return super().get_form(request, obj, change, form=asking, **options)

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        return self.with_why(request, obj, super().get_fieldsets(request, obj))

    def with_why(self, request: HttpRequest, obj: models.Model | None, fieldsets: Any) -> Any:
        """`fieldsets`, then the question for the reason where something may be changed."""
        sets = [
            (title, {**options, "fields": [f for f in options["fields"] if f != WHY]})
            for title, options in fieldsets
        ]
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            sets.append((_("Why"), {"fields": [WHY]}))
        return sets

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: Any,
        change: bool,  # noqa: FBT001  Django's signature
    ) -> None:
        if not change:
            obj.save()
            return
        columns = {field.name for field in obj._meta.concrete_fields}
        followers = (self.derived.get(name, ()) for name in form.changed_data)
        changed = columns & {*form.changed_data, *chain.from_iterable(followers)}
        if changed:
            obj.save(update_fields=changed)

    # The log, in place of Django's own.

    def construct_change_message(  # type: ignore[override]  # what log_* is given
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002
    ) -> Change:
        names = [name for name in form.changed_data if name != WHY]
        before = {} if add else {n: self._kept(n, form.initial.get(n)) for n in names}
        after = {n: self._kept(n, form.cleaned_data.get(n)) for n in names}
        for formset in formsets or ():
            after |= told_of(formset)
        return Change(before, after, form.cleaned_data.get(WHY, ""))

    def _kept(self, name: str, value: Any) -> Any:
        return NOT_KEPT if name in self.unkept else plain(value)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self.audit(request, "add", obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        special = [action for name, action in self.own_actions.items() if name in message.after]
        return self.audit(request, special[0] if special else "change", obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> Any:
        for row in queryset:
            before = {f.name: self._kept(f.name, f.value_from_object(row)) for f in row_fields(row)}
            self.audit(request, "delete", row, Change(before, {}, why(request)))

    def audit(
        self, request: HttpRequest, action: str, subject: models.Model, change: Change | None = None
    ) -> AuditEntry:
        """Write down "<model>.<action>"; without a `change`, the reason of the action's form."""
        before, after, reason = change or ({}, {}, why(request))
        name = f"{subject._meta.model_name}.{action}"
        actor = cast(User, request.user)
        return AuditEntry.objects.record(
            actor, name, subject, before=before, after=after, reason=reason
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Everything that staff did to one row."""
        return redirect(
            f"{reverse('admin:accounts_auditentry_changelist')}?{about(self.model, object_id)}"
        )

    # Deeds that are no forms: actions on a list, and deleting.

    def response_action(  # type: ignore[override]  # the stubs are of a later Django
        self, request: HttpRequest, queryset: Any
    ) -> HttpResponse | None:
        if request.POST.get("action") and not why(request):
            messages.warning(request, _("Nothing was done: say why, for the audit log."))
            return redirect(request.get_full_path())
        with transaction.atomic():
            return super().response_action(request, queryset)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        acts: Any = self.get_actions(request) if options.get("obj") else {}
        context["acts"] = [(name, told) for _call, name, told in acts.values()]
        return super().render_change_form(request, context, *args, **options)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        deletes = request.method == "POST" and self.has_delete_permission(request)
        if deletes and not why(request):
            messages.warning(request, _("Nothing was deleted: say why, for the audit log."))
            return redirect(request.get_full_path())
        return super().delete_view(request, object_id, extra_context)


class ReadOnly(admin.ModelAdmin):
    """Looked at here, changed elsewhere or never."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def why(request: HttpRequest) -> str:
    """The reason that came with an action or a deletion."""
    return request.POST.get(WHY, "").strip()[:300]


def about(model: type[models.Model], pk: Any) -> str:
    """The query that shows what the log has of one row."""
    return f"subject__exact={model._meta.model_name}:{pk}"


def plain(value: Any) -> Any:
    """As JSON can say it; rows and their like by their keys."""
    match value:
        case None | bool() | int() | float() | str() | dict():
            return value
        case models.Model():
            return value.pk
        case dt.datetime() | dt.date():
            return value.isoformat()
        case models.QuerySet() | list() | tuple() | set():
            return [plain(each) for each in value]
    return str(value)


def row_fields(row: models.Model) -> Iterable[models.Field]:
    return row._meta.concrete_fields


def told_of(formset: Any) -> dict[str, Any]:
    """What was added, changed and removed beside the row itself, as its `said` names each."""
    told: dict[str, Any] = {}
    for row in formset.new_objects:
        told[formset.said(row)] = {"added": True}
    for row, names in formset.changed_objects:
        told[formset.said(row)] = {name: plain(getattr(row, name)) for name in names}
    for row in formset.deleted_objects:
        told[formset.said(row)] = {"removed": True}
    return told
