"""Which lines of a statement to show, and when to warn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from accounts.models import MAX_PROJECT, Kind
from accounts.statements import Filters, Statement

MOST_CREDITS = 10**9


#: What an empty choice means.
EVERYTHING = {"month": _("All months"), "member": _("Everybody"), "kind": _("All kinds")}


def _choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


def _text(label: Any, length: int, listed: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"list": listed, "autocomplete": "off", "dir": "auto"})
    return forms.CharField(label=label, required=False, max_length=length, widget=widget)


class StatementForm(forms.Form):
    """The filters of a statement, from an address. `filters` after `is_valid()`."""

    month = _choice(_("Month"))
    member = _choice(_("Member"))
    kind = _choice(_("Kind"))
    item = _text(_("Model"), 80, "models")
    project = _text(_("Project"), MAX_PROJECT, "projects")

    def __init__(self, statement: Statement, data: Any) -> None:
        super().__init__(data)
        self.items, self.projects = statement.suggestions()
        self._offer("month", [(f"{m:%Y-%m}", _named(m)) for m in statement.months()])
        self._offer("kind", Kind.choices)
        members = statement.members()
        self._offer("member", [(str(pk), name) for pk, name in members])
        if not members:
            del self.fields["member"]

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  the field above
        field.choices = [("", EVERYTHING[name]), *choices]

    @property
    def filters(self) -> Filters:
        data = self.cleaned_data
        return Filters(
            member=int(data["member"]) if data.get("member") else None,
            kind=data["kind"],
            item=data["item"],
            project=data["project"],
            month=dt.date.fromisoformat(f"{data['month']}-01") if data["month"] else None,
        )


class LowBalanceForm(forms.Form):
    """Below how many credits to warn; empty is never."""

    below = forms.IntegerField(
        label=_("Tell me when fewer credits are left than"),
        required=False,
        min_value=1,
        max_value=MOST_CREDITS,
        help_text=_("Once each time the balance falls below it. Empty: never."),
    )


def _named(month: dt.date) -> str:
    return f"{MONTHS[month.month]} {month.year}"
