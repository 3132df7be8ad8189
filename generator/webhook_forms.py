"""What people write about their webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamRight, User
from generator.models import Webhook, WebhookEvent
from generator.models.webhook import MAX_URL
from generator.webhooks import managing


class AddressField(forms.CharField):
    """Where messages go, checked for its form."""

    def __init__(self) -> None:
        attrs = {"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}
        super().__init__(
            label=_("Address"),
            max_length=MAX_URL,
            widget=forms.TextInput(attrs={**attrs, "placeholder": "https://example.org/hook"}),
            help_text=_("We POST JSON there. It may not lie inside the server's own network."),
        )

    def clean(self, value: Any) -> str:
        try:
            return managing.check_url(super().clean(value))
        except managing.BadAddress as error:
            raise forms.ValidationError(str(error)) from None


class WebhookForm(forms.Form):
    """Changes a webhook."""

    url = AddressField()
    description = forms.CharField(
        label=_("What it is for"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"),
        choices=WebhookEvent.choices,
        initial=WebhookEvent.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def clean_description(self) -> str:
        return " ".join(str(self.cleaned_data["description"]).split())

    def clean_events(self) -> list[str]:
        return sorted(self.cleaned_data["events"], key=WebhookEvent.values.index)

    @classmethod
    def of(cls, webhook: Webhook, data: Any = None) -> WebhookForm:
        """Shows `webhook`, or reads `data` about it."""
        names = ("url", "description", "events")
        return cls(data, initial={name: getattr(webhook, name) for name in names})


class NewWebhookForm(WebhookForm):
    """Makes a webhook for `user`, or for a team where they may."""

    field_order = ("url", "about", "description", "events")
    about = forms.ModelChoiceField(
        label=_("About"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("Your own jobs"),
        help_text=_("A team's webhook is told of what the team pays for."),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user
        teams = Team.objects.of(user, TeamRight.MANAGE_WEBHOOKS).order_by("name", "pk")
        if teams.exists():
            self.fields["about"].queryset = teams  # type: ignore[attr-defined]
        else:
            del self.fields["about"]

    def save(self) -> tuple[Webhook, str] | None:
        """The webhook and its secret, shown this once; None, and an error, when it is too many."""
        data = self.cleaned_data
        try:
            return managing.add(
                self.user,
                data["url"],
                data["events"],
                team=data.get("about"),
                description=data["description"],
            )
        except managing.TooManyWebhooks as error:
            self.add_error(None, str(error))
            return None
