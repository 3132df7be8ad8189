"""What owners write about their teams and the people in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Role, Team
from accounts.rights import rights_of

MAX_LIMIT = 10**9
#: How long a link holds, in days.
DAYS = {1: _("1 day"), 7: _("1 week"), 14: _("2 weeks"), 30: _("30 days")}


class TeamNameField(forms.CharField):
    """A name on one line."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Name"),
            max_length=80,
            widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        )

    def clean(self, value: Any) -> str:
        # Before the length and emptiness are looked at: "  " is no name.
        return super().clean(" ".join(str(value or "").split()))


class RoleField(forms.ChoiceField):
    """One of the roles; `roles` says beside it what each may do."""

    def __init__(self, widget: type[forms.Widget] = forms.Select) -> None:
        super().__init__(label=_("Role"), choices=Role.choices, widget=widget)

    def clean(self, value: Any) -> Role:
        return Role(super().clean(value))


class NewTeamForm(forms.Form):
    name = TeamNameField()


class TeamForm(forms.Form):
    """What a team is called, whether it keeps what its people share, and who publishes that."""

    name = TeamNameField()
    keeps_pictures = forms.TypedChoiceField(
        label=_("When somebody leaves, the pictures they shared with the team"),
        choices=[
            ("yes", _("stay: they belong to the owner who has been here longest")),
            ("no", _("go back to that person alone, and the team sees them no more")),
        ],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=_("When you remove somebody, you can choose otherwise for them."),
    )
    reviews_publications = forms.TypedChoiceField(
        label=_("When somebody wants to show a picture of the team to everyone"),
        choices=[
            ("no", _("they just do: it is theirs")),
            ("yes", _("an editor or owner has to say yes first")),
        ],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=_("Links that somebody makes for single people are not asked about."),
    )

    def __init__(self, team: Team, data: Any = None) -> None:
        keeps = "yes" if team.keeps_pictures else "no"
        reviews = "yes" if team.reviews_publications else "no"
        now = {"name": team.name, "keeps_pictures": keeps, "reviews_publications": reviews}
        super().__init__(data, initial=now)
        self.team = team

    def save(self) -> None:
        Team.objects.filter(pk=self.team.pk).update(**self.cleaned_data)


class DeletionForm(forms.Form):
    """Asks for the name once more, so that nobody deletes a team by a slip."""

    name = forms.CharField(
        label=_("The name of the team, to confirm"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, team: Team, data: Any = None) -> None:
        super().__init__(data)
        self.team = team

    def clean_name(self) -> str:
        said = " ".join(self.cleaned_data["name"].split())
        if said != " ".join(self.team.name.split()):
            raise forms.ValidationError(_("That is not its name."))
        return said


class MemberForm(forms.Form):
    """What somebody may do, and how much they may spend in a month."""

    role = RoleField(forms.RadioSelect)
    monthly_limit = forms.IntegerField(
        label=_("Monthly limit"),
        min_value=0,
        max_value=MAX_LIMIT,
        required=False,
        help_text=_(
            "How many of the team’s credits they may spend in a month (UTC). "
            "Left empty, there is no limit."
        ),
    )

    def __init__(self, membership: Membership, data: Any = None) -> None:
        limit = membership.monthly_limit
        super().__init__(data, initial={"role": membership.role, "monthly_limit": limit})


class RemovalForm(forms.Form):
    """What becomes of the pictures that somebody shared with the team."""

    pictures = forms.ChoiceField(
        label=_("The pictures they shared with the team"),
        choices=[
            ("keep", _("stay in the team’s gallery, and belong to you")),
            ("return", _("go back to them alone; the team sees them no more")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, membership: Membership, data: Any = None) -> None:
        usual = "keep" if membership.team.keeps_pictures else "return"
        super().__init__(data, initial={"pictures": usual})


class MailForm(forms.Form):
    """Invites one address."""

    prefix = "mail"
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = RoleField()

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class LinkForm(forms.Form):
    """Makes a link that several may use."""

    prefix = "link"
    uses = forms.IntegerField(label=_("How many people"), min_value=1, max_value=1000, initial=1)
    days = forms.TypedChoiceField(
        label=_("How long"), choices=list(DAYS.items()), coerce=int, initial=14
    )
    role = RoleField()

    @property
    def valid_for(self) -> dt.timedelta:
        return dt.timedelta(days=self.cleaned_data["days"])


def roles() -> list[dict[str, Any]]:
    """Each role with what it may do beyond the next lesser one, the mightiest first."""
    found, below = [], None
    for role in reversed(Role):
        mine = rights_of(role)
        beyond = [right for right in mine if not below or right not in rights_of(below)]
        found.append({"value": role.value, "label": role.label, "below": below, "beyond": beyond})
        below = role
    return found[::-1]
