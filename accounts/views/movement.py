"""Granting and correcting credits: fill in, look at before and after, confirm."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import grants
from accounts.models import CreditEntry, InsufficientCredits, Kind, User, Wallet

if TYPE_CHECKING:
    from accounts.admin.wallets import WalletAdmin


class MovementForm(forms.Form):
    """So many credits, more or fewer, until when, and why."""

    amount = forms.IntegerField(
        label=gettext_lazy("Credits"),
        min_value=-grants.MOST,
        max_value=grants.MOST,
        help_text=gettext_lazy("Below 0 takes them away."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("The owner reads it in the statement."),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=AdminDateWidget,
        help_text=gettext_lazy("What is left of a grant ends after this day (UTC). Empty: never."),
    )
    is_correction = forms.BooleanField(
        label=gettext_lazy("It puts an earlier entry right"),
        required=False,
        help_text=gettext_lazy("The statement calls it a correction, not a grant."),
    )
    # Made with the form, so that a second click on the same one moves nothing.
    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, wallet: Wallet, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.wallet = wallet

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Nothing would change."))
        if self.wallet.balance + amount < 0:
            held = self.wallet.balance
            raise forms.ValidationError(_("The wallet holds only %d.") % held)
        return amount

    def clean_last_day(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["last_day"]
        if day:
            grants.check_last_day(day)
        return day

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("last_day") and (data.get("is_correction") or data.get("amount", 0) < 0):
            self.add_error("last_day", _("Only what is granted can end."))
        is_grant = data.get("amount", 0) > 0 and not data.get("is_correction")
        if is_grant and self.wallet.is_closed:
            self.add_error("amount", str(grants.NobodyToSpend()))
        return data

    def save(self, actor: User) -> CreditEntry:
        """Move the credits; `grants.DoneBefore` when this very form was sent before."""
        data = self.cleaned_data
        return grants.move(
            self.wallet,
            data["amount"],
            actor=actor,
            reason=data["reason"],
            ticket=str(data["ticket"]),
            expires_at=grants.end_of(data["last_day"]) if data["last_day"] else None,
            is_correction=data["is_correction"],
        )


def movement(request: HttpRequest, wallets: WalletAdmin, pk: int) -> HttpResponse:
    if not wallets.may_move(request):
        raise PermissionDenied
    wallet = get_object_or_404(Wallet.objects.select_related("owner", "team"), pk=pk)
    form = MovementForm(wallet, request.POST or None, _putting_right(request, wallet))
    wants = form.is_valid() and "change" not in request.POST
    if wants and "confirm" in request.POST:
        return _move(request, form)
    context = {
        **wallets.admin_site.each_context(request),
        "title": _("Grant or correct credits"),
        "form": form,
        "wallet": wallet,
        "after": wallet.balance + form.cleaned_data["amount"] if wants else None,
        "latest": wallet.entries.select_related("actor")[:8],
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/admin/movement.html", context, status=status)


def _putting_right(request: HttpRequest, wallet: Wallet) -> dict[str, Any]:
    """What the form holds first: the opposite of the entry that it is to put right, if any."""
    pk = request.GET.get("corrects", "")
    by_staff = wallet.entries.filter(kind__in=[Kind.GRANT, Kind.CORRECTION])
    entry = by_staff.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 20 else None
    if entry is None:
        return {}
    reason = _("Puts entry %d right") % entry.pk
    return {"amount": -entry.amount, "is_correction": True, "reason": reason}


def _move(request: HttpRequest, form: MovementForm) -> HttpResponse:
    try:
        entry = form.save(cast(User, request.user))
    except grants.DoneBefore as done:
        when = timezone.localtime(done.entry.created_at)
        told = _("That was done before, at %s; nothing moved a second time.")
        messages.warning(request, told % f"{when:%H:%M:%S}")
    except InsufficientCredits as refusal:
        messages.error(request, _("Nothing moved: the wallet holds only %d.") % refusal.balance)
    else:
        before = entry.balance - entry.amount
        messages.success(request, f"{entry.amount:+d}: {before} → {entry.balance}. {entry.reason}")
    return redirect("admin:accounts_wallet_change", form.wallet.pk)
