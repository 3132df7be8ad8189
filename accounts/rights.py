"""Who may do what in a team. Every right is written here, once."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is in a team, the mightiest first."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    CONTRIBUTOR = "contributor", _("Contributor")
    VIEWER = "viewer", _("Viewer")


class TeamRight(models.TextChoices):
    """What can be done in a team."""

    SEE = "see", _("See its pictures and its people")
    SPEND = "spend", _("Spend its credits")
    SHARE = "share", _("Put pictures into its gallery")
    EDIT_PICTURES = "edit_pictures", _("Change its pictures")
    APPROVE = "approve", _("Let its pictures become public, where somebody must")
    READ_STATEMENT = "read_statement", _("Read its whole statement")
    SET_WARNING = "set_warning", _("Choose when its owners are told that credits run low")
    INVITE = "invite", _("Invite people")
    MANAGE_PEOPLE = "manage_people", _("Change roles and limits, and remove people")
    MANAGE_WEBHOOKS = "manage_webhooks", _("Have other programs told of its jobs")
    RENAME = "rename", _("Rename it")
    DELETE = "delete", _("Delete it")


_EVERYBODY = frozenset(Role)
_MAKERS = frozenset({Role.OWNER, Role.EDITOR, Role.CONTRIBUTOR})
_EDITORS = frozenset({Role.OWNER, Role.EDITOR})
_OWNERS = frozenset({Role.OWNER})

#: Which roles hold a right.
HOLDERS: Mapping[TeamRight, frozenset[Role]] = {
    TeamRight.SEE: _EVERYBODY,
    TeamRight.SPEND: _MAKERS,
    TeamRight.SHARE: _MAKERS,
    TeamRight.EDIT_PICTURES: _EDITORS,
    TeamRight.APPROVE: _EDITORS,
    TeamRight.READ_STATEMENT: _EDITORS,
    TeamRight.SET_WARNING: _OWNERS,
    TeamRight.INVITE: _OWNERS,
    TeamRight.MANAGE_PEOPLE: _OWNERS,
    TeamRight.MANAGE_WEBHOOKS: _OWNERS,
    TeamRight.RENAME: _OWNERS,
    TeamRight.DELETE: _OWNERS,
}


def rights_of(role: str) -> list[TeamRight]:
    """What a role may do, in the order above."""
    return [right for right, roles in HOLDERS.items() if role in roles]


def roles_with(right: TeamRight) -> frozenset[Role]:
    """The roles that hold `right`."""
    return HOLDERS[right]
