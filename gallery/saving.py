"""Keeping a search under a name, whoever asks for it: a page or a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from gallery import query
from gallery.forms import check_text
from gallery.models import SavedSearch, Scope, Sort
from gallery.models.saved_search import MAX_SAVED
from gallery.query import MAX_QUERY

MAX_NAME = 80
NO_COLOR = gettext_lazy("Search for a colour that they are to be near to, such as color:#336699.")


def read(said: Mapping[str, Any], teams: Sequence[Team]) -> dict[str, Any]:
    """Columns of a search from what was said; a ValidationError names each wrong field.

    `teams` are those of whoever asks.
    """
    errors: dict[str, str] = {}
    scope, sort = said.get("scope") or Scope.MINE, said.get("sort") or Sort.NEWEST
    wanted = str(said.get("team") or "")
    team = next((each for each in teams if str(each.pk) == wanted), None)
    if scope not in Scope.values:
        errors["scope"] = _("There is no such list.")
    if sort not in Sort.values:
        errors["sort"] = _("There is no such order.")
    if wanted and (team is None or scope != Scope.TEAM):
        errors["team"] = _("Name one of your teams, with the scope “team”.")
    values: dict[str, Any] = {"scope": scope, "sort": sort, "team": team}
    for field, reader, wire in (("name", read_name, "name"), ("query", _read_query, "q")):
        try:
            values[field] = reader(said.get(wire, ""))
        except ValidationError as error:
            errors[wire] = " ".join(error.messages)
    if sort == Sort.COLOR and "query" in values and query.read(values["query"]).color is None:
        errors["sort"] = str(NO_COLOR)
    if errors:
        raise ValidationError(errors)
    return values


def read_name(said: object) -> str:
    """What a search may be called."""
    name = check_text(said).strip() if isinstance(said, str) else ""
    if not name or len(name) > MAX_NAME:
        raise ValidationError(_("Give it a name of at most %d characters.") % MAX_NAME)
    return name


def _read_query(said: object) -> str:
    if not isinstance(said, str) or len(said) > MAX_QUERY:
        raise ValidationError(_("At most %d characters of text.") % MAX_QUERY)
    return check_text(said).strip()


def save(owner: User, values: Mapping[str, Any]) -> SavedSearch:
    """Keep it. Raises ValidationError when the name is taken or there are too many."""
    if SavedSearch.objects.filter(owner=owner).count() >= MAX_SAVED:
        raise ValidationError({"name": _("You have %d; forget one first.") % MAX_SAVED})
    try:
        with transaction.atomic():
            return SavedSearch.objects.create(owner=owner, **values)
    except IntegrityError:
        raise ValidationError({"name": _("You have a search of this name.")}) from None


def rename(search: SavedSearch, said: object) -> None:
    """Call it otherwise. Raises ValidationError as `save` does."""
    name = read_name(said)
    try:
        with transaction.atomic():
            SavedSearch.objects.filter(pk=search.pk).update(name=name)
    except IntegrityError:
        raise ValidationError({"name": _("You have a search of this name.")}) from None
    search.name = name
