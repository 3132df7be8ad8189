"""Statements: what moved the credits of one's own wallet, and of a team's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import csv_export, low_balance, statements
from accounts.models import Team, User
from accounts.statement_forms import LowBalanceForm, StatementForm
from accounts.statements import Line, Statement

#: A bigger id than any database gives; a longer number would not even fit the query.
MAX_ID = 2**63 - 1
#: What totals go by, and what a column of them is called.
TOTALS = {
    "member": gettext_lazy("Member"),
    "item": gettext_lazy("Model"),
    "project": gettext_lazy("Project"),
}
#: All that a row of the table is made of; whole people in each row would take twice as long.
COLUMNS = (
    *("created_at", "kind", "amount", "balance", "item", "project", "reason", "reference"),
    *("buyer__name", "buyer__email", "actor__name", "actor__email"),
)
#: Rows that are read together while a table is sent.
READ_TOGETHER = 1000


@require_safe
def credits(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The balance and what moved it, newest first, in keyset pages."""
    statement, form = _read(request, pk)
    before = _before(request)
    lines, more = statement.page(before) if form.is_valid() else ([], False)
    context = {"lines": lines, "more": more, "paged": bool(before)}
    return _page(request, "accounts/credits.html", statement, form, context)


@require_safe
def totals(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """What was spent per member, model or project."""
    statement, form = _read(request, pk)
    by = _by(request, statement)
    context = {
        "by": by,
        "kinds": {name: label for name, label in TOTALS.items() if _may_total(name, statement)},
        "totals": statement.totals(by) if form.is_valid() else [],
    }
    return _page(request, "accounts/credit_totals.html", statement, form, context)


@require_safe
def export(request: HttpRequest, pk: int | None = None) -> StreamingHttpResponse:
    """The lines that the filters leave, or with `by` their totals, for a spreadsheet."""
    statement, form = _read(request, pk)
    if not form.is_valid():
        raise Http404
    if "by" in request.GET:
        by = _by(request, statement)
        rows = [[total.name, total.spent, total.jobs] for total in statement.totals(by)]
        header = [str(TOTALS[by]), _("Credits"), _("Jobs")]
        return csv_export.download("credits-by-" + by, header, rows)
    return csv_export.download("credits", _header(statement), _rows(statement))


@require_POST
def warning(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Choose below how many credits to be told."""
    statement = _statement(request, pk)
    if not statement.may_set_warning:
        raise PermissionDenied(_("Only owners of the team choose when they are warned."))
    form = LowBalanceForm(request.POST)
    if not form.is_valid():
        lines, more = statement.page(None)
        context = {"lines": lines, "more": more, "warning_form": form}
        filters = StatementForm(statement, QueryDict())
        return _page(request, "accounts/credits.html", statement, filters, context, status=422)
    low_balance.choose(statement.wallet, form.cleaned_data["below"])
    messages.success(request, _("Saved."))
    return redirect(_address("credits", pk))


def _read(request: HttpRequest, pk: int | None) -> tuple[Statement, StatementForm]:
    """The statement with the filters of the address, where they make sense."""
    statement = _statement(request, pk)
    form = StatementForm(statement, request.GET)
    return (replace(statement, filters=form.filters) if form.is_valid() else statement), form


def _statement(request: HttpRequest, pk: int | None) -> Statement:
    user = cast(User, request.user)
    if pk is None:
        return statements.of_person(user)
    found = statements.of_team(user, pk) if pk <= MAX_ID else None
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    template: str,
    statement: Statement,
    form: StatementForm,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    query = request.GET.copy()
    for name in ("before", "by"):
        query.pop(name, None)
    pk = statement.team.pk if statement.team else None
    shared = {
        "statement": statement,
        "form": form,
        "warning_form": LowBalanceForm(initial={"below": statement.wallet.low_below}),
        "filtered": any(query.values()),
        "query": query.urlencode(),
        "teams": Team.objects.of(cast(User, request.user)).order_by("name", "pk"),
        "urls": {name: _address(name, pk) for name in ("credits", "totals", "export", "warning")},
    }
    status = 422 if form.errors else status
    return render(request, template, shared | context, status=status)


def _address(name: str, pk: int | None) -> str:
    names = {"totals": "credit_totals", "export": "credit_export", "warning": "credit_warning"}
    name = names.get(name, name)
    return reverse(f"account_{name}") if pk is None else reverse(f"team_{name}", args=[pk])


def _header(statement: Statement) -> list[str]:
    shown = [_("When (UTC)"), _("Kind"), _("Change")]
    balance = [_("Balance")] if statement.is_whole else []
    member = [_("Member")] if statement.team else []
    return [*shown, *balance, *member, _("Model"), _("Project"), _("For"), _("Reference"), _("By")]


def _rows(statement: Statement) -> Iterator[list[Any]]:
    entries = statement.entries().select_related("actor", "buyer").only(*COLUMNS)
    for line in statement.each_line(entries.iterator(READ_TOGETHER)):
        yield _row(statement, line)


def _row(statement: Statement, line: Line) -> list[Any]:
    entry = line.entry
    shown = [entry.created_at, entry.get_kind_display(), entry.amount]
    balance = [entry.balance] if statement.is_whole else []
    member = [entry.buyer.display_name if entry.buyer else ""] if statement.team else []
    actor = entry.actor.display_name if entry.actor else ""
    filed = [entry.item, entry.project, line.said, entry.reference, actor]
    return [*shown, *balance, *member, *filed]


def _may_total(by: str, statement: Statement) -> bool:
    return by != "member" or bool(statement.team and statement.is_whole)


def _by(request: HttpRequest, statement: Statement) -> str:
    by = request.GET.get("by", "item")
    if by not in TOTALS or not _may_total(by, statement):
        raise Http404
    return by


def _before(request: HttpRequest) -> int | None:
    said = request.GET.get("before")
    if said is None:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) < 20 and int(said) <= MAX_ID):
        raise Http404
    return int(said)
