"""Which wallet pays for what the Create form asks, and which project it is for."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import MAX_PROJECT, User, Wallet
from accounts.spending import Purse, latest_projects, purses
from generator.models import Generation


class PayingForm(forms.Form):
    """The part of the page below the wish. Nothing filled in means: the own wallet pays.

    A page that is opened anew offers the wallet that paid last.
    """

    payer = forms.ChoiceField(
        label=_("Paid by"),
        required=False,
        error_messages={"invalid_choice": _("You may not spend the credits of this wallet.")},
    )
    project = forms.CharField(
        label=_("Project"),
        required=False,
        max_length=MAX_PROJECT,
        widget=forms.TextInput(attrs={"list": "projects", "autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, user: User, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        self.user = user
        self.purses = {str(purse.wallet.pk): purse for purse in purses(user)}
        known = {name: (initial or {}).get(name) for name in ("payer", "project")}
        super().__init__(data, initial={name: value for name, value in known.items() if value})
        if data is None and self.initial.get("payer") not in self.purses:
            self.initial["payer"] = self._last_payer()
        payer = self.fields["payer"]
        assert isinstance(payer, forms.ChoiceField)  # noqa: S101  the field above
        payer.choices = [(pk, _name(purse)) for pk, purse in self.purses.items()]

    @property
    def has_choice(self) -> bool:
        return len(self.purses) > 1

    @property
    def purse(self) -> Purse:
        """The chosen wallet; the own one while none or a wrong one is chosen."""
        own = next(iter(self.purses.values()))
        return self.purses.get(str(self["payer"].value() or ""), own)

    @property
    def wallet(self) -> Wallet:
        return self.purse.wallet

    @cached_property
    def projects(self) -> list[str]:
        """What the person named their latest projects."""
        return latest_projects(self.user)

    def low(self) -> list[Wallet]:
        """The wallets that run low."""
        return [purse.wallet for purse in self.purses.values() if purse.wallet.is_low]

    def told(self) -> str:
        """Differs for orders that another wallet pays, or that are for another project."""
        return f"{self.wallet.pk}:{self['project'].value() or ''}"

    def _last_payer(self) -> str:
        mine = Generation.objects.of(self.user).order_by("-created_at", "-pk")
        last = str(mine.values_list("payer_id", flat=True).first() or "")
        return last if last in self.purses else next(iter(self.purses), "")


def _name(purse: Purse) -> Any:
    return purse.wallet.team.name if purse.wallet.team else _("You")
