"""Wallets and entries of the ledger as programs see them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime
from pydantic import Field as About

from accounts.api.fields import Id
from accounts.models import CreditEntry
from accounts.spending import Purse

KindName = Literal["grant", "charge", "refund", "correction", "expiry"]


class IdAndName(Schema):
    id: int
    name: str


class Expiring(Schema):
    """Credits that end."""

    amount: int
    expiresAt: str


class WalletData(Schema):
    """Something to pay with: name its `id` in a task."""

    id: int
    team: IdAndName | None = About(description="Whose it is; null: yours.")
    balance: int
    monthlyLimit: int | None = About(description="What the team lets you spend in a month.")
    usedThisMonth: int = About(description="What you spent of a team's this month (UTC).")
    expiring: list[Expiring] = About(description="What of the balance ends, the next first.")


class WalletList(Schema):
    items: list[WalletData]


class EntryData(Schema):
    """One movement of credits. It never changes."""

    id: int
    walletId: int
    kind: KindName
    amount: int = About(description="Below 0 when credits left the wallet.")
    balance: int = About(description="What the wallet held afterwards.")
    reference: str = About(description="What it was for: `generation:` and the id of a task.")
    reason: str = About(description="Empty where another member bought.")
    buyer: IdAndName | None
    keyId: int | None
    model: str
    project: str
    createdAt: str


class EntryPage(Schema):
    items: list[EntryData]
    nextCursor: str | None = About(description="Pass it as `cursor`; null on the last page.")


class UseData(Schema):
    month: str = About(description="`2026-11`, in UTC.")
    userId: int
    used: int = About(description="Credits that were spent and did not come back.")


class UseList(Schema):
    items: list[UseData]


class UseQuery(Schema):
    wallet: Id | None = About(None, description="Default: your own.")


_TEXT = r"^[^\x00-\x1f\x7f]*$"


def _in_reach(moment: dt.datetime) -> dt.datetime:
    # At the ends of the calendar another time zone has no such day.
    if not 1900 <= moment.year <= 9000:
        raise ValueError("Must be from 1900 to 9000")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_reach)]


class EntryQuery(UseQuery):
    kind: KindName | None = None
    member: Id | None = About(None, description="Who bought.")
    model: str = About("", max_length=80, pattern=_TEXT)
    project: str = About("", max_length=60, pattern=_TEXT)
    since: Moment | None = About(None, description="From this moment on.")
    until: Moment | None = About(None, description="Before this moment.")
    limit: int = About(50, ge=1, le=200)
    cursor: str | None = About(None, max_length=200, description="`nextCursor` of a page.")


def wallet_data(purse: Purse) -> dict[str, Any]:
    """A wallet, and what its looker used of it and may use in this month."""
    wallet = purse.wallet
    lots = sorted((lot.expires_at, lot.remaining) for lot in wallet.lots.all() if lot.remaining)
    return {
        "id": wallet.pk,
        "team": {"id": wallet.team.pk, "name": wallet.team.name} if wallet.team else None,
        "balance": wallet.balance,
        "monthlyLimit": purse.limit,
        "usedThisMonth": purse.used,
        "expiring": [{"amount": left, "expiresAt": end.isoformat()} for end, left in lots],
    }


def entry_data(entry: CreditEntry, said: str) -> dict[str, Any]:
    """An entry with its buyer, and what of its reason the looker may read."""
    buyer = entry.buyer and {"id": entry.buyer.pk, "name": entry.buyer.display_name}
    return {
        "id": entry.pk,
        "walletId": entry.wallet_id,
        "kind": entry.kind,
        "amount": entry.amount,
        "balance": entry.balance,
        "reference": entry.reference,
        "reason": said,
        "buyer": buyer,
        "keyId": entry.key_id,
        "model": entry.item,
        "project": entry.project,
        "createdAt": entry.created_at.isoformat(),
    }
