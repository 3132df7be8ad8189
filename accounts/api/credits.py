"""Credits: the wallets one can pay with, what moved in them, and what was used each month."""

from __future__ import annotations

import datetime as dt

from django.db.models import Sum, prefetch_related_objects
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from accounts import spending, statements
from accounts.api.access import caller, may_read
from accounts.api.answers import answer, errors_declared, wrong_fields
from accounts.api.credit_data import (
    EntryPage,
    EntryQuery,
    UseList,
    UseQuery,
    WalletList,
    entry_data,
    wallet_data,
)
from accounts.api.fields import MAX_ID
from accounts.api.reading import only_parameters
from accounts.models import Kind, User, Wallet
from accounts.statements import Filters, Statement

router = Router(tags=["Credits"])

#: How far back the monthly use goes, in days.
A_YEAR = 366


@router.get("/credits", response={200: WalletList, **errors_declared()}, auth=may_read)
def list_wallets(request: HttpRequest) -> HttpResponse:
    """The wallets that you can pay with: your own, then those of your teams."""
    purses = spending.purses(caller(request))
    prefetch_related_objects([purse.wallet for purse in purses], "lots")
    return answer(request, {"items": [wallet_data(purse) for purse in purses]})


@router.get(
    "/credits/entries", response={200: EntryPage, **errors_declared(400, 404, 422)}, auth=may_read
)
def list_credit_entries(request: HttpRequest, query: Query[EntryQuery]) -> HttpResponse:
    """What moved credits in a wallet (default: your own), newest first.

    Of a team's wallet, contributors and viewers see what they bought themselves.
    """
    only_parameters(request, *EntryQuery.model_fields)
    statement = _statement(caller(request), query, _filters(query))
    entries = statement.entries().select_related("buyer")
    if query.since:
        entries = entries.filter(created_at__gte=query.since)
    if query.until:
        entries = entries.filter(created_at__lt=query.until)
    if query.cursor:
        entries = entries.filter(pk__lt=_place(query.cursor))
    lines = statement.lines(entries[: query.limit + 1])
    page = lines[: query.limit]
    cursor = str(page[-1].entry.pk) if len(lines) > query.limit else None
    items = [entry_data(line.entry, line.said) for line in page]
    return answer(request, {"items": items, "nextCursor": cursor})


@router.get(
    "/credits/use", response={200: UseList, **errors_declared(400, 404, 422)}, auth=may_read
)
def list_credit_use(request: HttpRequest, query: Query[UseQuery]) -> HttpResponse:
    """What each member spent of a wallet (default: your own) in each of the last twelve months."""
    only_parameters(request, *UseQuery.model_fields)
    since = timezone.now() - dt.timedelta(days=A_YEAR)
    entries = _statement(caller(request), query, Filters()).entries()
    spent = entries.filter(
        kind__in=[Kind.CHARGE, Kind.REFUND], created_at__gte=since, buyer__isnull=False
    )
    months = spent.order_by().annotate(month=TruncMonth("created_at", tzinfo=dt.UTC))
    sums = months.values("month", "buyer").annotate(used=-Sum("amount"))
    rows = sums.order_by("-month", "buyer").values_list("month", "buyer", "used")
    items = [
        {"month": f"{month:%Y-%m}", "userId": buyer, "used": used} for month, buyer, used in rows
    ]
    return answer(request, {"items": items})


def _statement(user: User, query: UseQuery, filters: Filters) -> Statement:
    """What `user` may read of the wallet that the query names; 404 where that is nothing."""
    if query.wallet in (None, user.wallet.pk):
        return statements.of_person(user, filters)
    team = Wallet.objects.filter(pk=query.wallet or 0).values_list("team", flat=True).first()
    statement = statements.of_team(user, team, filters) if team else None
    if statement is None:
        raise Http404
    return statement


def _filters(query: EntryQuery) -> Filters:
    return Filters(
        member=query.member,
        kind=query.kind or "",
        item=query.model,
        project=query.project,
    )


def _place(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 20):
        raise wrong_fields({"cursor": ["This is no cursor of ours."]})
    return min(int(cursor), MAX_ID)
