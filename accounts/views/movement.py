"""Granting and correcting credits: fill in, look at before and after, confirm."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import InsufficientCredits, User, Wallet

if TYPE_CHECKING:
    from accounts.admin import WalletAdmin


class MovementForm(forms.Form):
    """So many credits, more or fewer, and why."""

    amount = forms.IntegerField(
        label=gettext_lazy("Credits"),
        min_value=-(10**9),
        max_value=10**9,
        help_text=gettext_lazy("Below 0 takes them away, as a correction."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("The owner reads it in the statement."),
    )
    # Made with the form, so that a second click on the same one moves nothing.
    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, wallet: Wallet, data: Any = None) -> None:
        super().__init__(data)
        self.wallet = wallet

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Nothing would change."))
        if self.wallet.balance + amount < 0:
            held = self.wallet.balance
            raise forms.ValidationError(_("The wallet holds only %d.") % held)
        return amount

    def save(self, actor: User) -> None:
        """Move the credits; IntegrityError when this very form was sent before."""
        amount, reason = self.cleaned_data["amount"], self.cleaned_data["reason"]
        reference = f"staff:{self.cleaned_data['ticket']}"
        if amount > 0:
            self.wallet.grant(amount, reference=reference, reason=reason, actor=actor)
        else:
            self.wallet.correct(amount, reference=reference, reason=reason, actor=actor)


def movement(request: HttpRequest, wallets: WalletAdmin, pk: int) -> HttpResponse:
    if not wallets.may_move(request):
        raise PermissionDenied
    wallet = get_object_or_404(Wallet.objects.select_related("owner"), pk=pk)
    form = MovementForm(wallet, request.POST or None)
    if form.is_valid() and "confirm" in request.POST:
        return _move(request, wallets, form)
    context = {
        **wallets.admin_site.each_context(request),
        "title": _("Grant or correct credits"),
        "form": form,
        "wallet": wallet,
        "after": wallet.balance + form.cleaned_data["amount"] if form.is_valid() else None,
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/admin/movement.html", context, status=status)


def _move(request: HttpRequest, wallets: WalletAdmin, form: MovementForm) -> HttpResponse:
    wallet, before = form.wallet, form.wallet.balance
    try:
        form.save(cast(User, request.user))
    except IntegrityError:
        messages.warning(request, _("That was done before; nothing moved a second time."))
    except InsufficientCredits as refusal:
        messages.error(request, _("Nothing moved: the wallet holds only %d.") % refusal.balance)
    else:
        amount, reason = form.cleaned_data["amount"], form.cleaned_data["reason"]
        told = f"{amount:+d}: {before} → {wallet.balance}. {reason}"
        wallets.log_change(request, wallet, told)
        messages.success(request, told)
    return redirect("admin:accounts_wallet_change", wallet.pk)
