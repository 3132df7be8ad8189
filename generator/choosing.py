"""Which model serves a request: the one rule about names, for every door.

A model that is offered to somebody serves whoever names it. The models that the documented
services name stand in programs that nobody here can change: while the operator has not set one
up, the default model takes its place and a note says so. Any other name is refused.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.models import User
from generator.catalog import models as catalog
from generator.contract import ImageRequest, InvalidRequest
from generator.models import EngineModel

#: Names may be longer than a note has room for.
MAX_TOLD = 100


@dataclass(frozen=True)
class Choice:
    """The model that will paint; `note` says in one sentence why it is another than was named."""

    model: EngineModel
    note: str = ""

    def complete(self, request: ImageRequest, omitted: Collection[str]) -> ImageRequest:
        """`request` for this model, with its defaults in the contract's fields `omitted`."""
        values = {n: value for n, value in self.model.defaults.items() if n in omitted}
        return replace(request, **{**values, "model": self.model.slug})


def choose(name: str, user: User, *, any_name: bool = False) -> Choice:
    """The model for `user` that a request calls `name`; InvalidRequest names what there is.

    With `any_name` the default model stands in for names that nobody knows as well.
    """
    offered = {model.slug: model for model in EngineModel.objects.offered_to(user)}
    known = catalog.by_name(name)
    for slug in (name, known.slug if known else ""):
        if slug in offered:
            return Choice(offered[slug])
    default = next(iter(offered.values()), None)
    stands_in = known.stands_in_programs if known else any_name
    if default and stands_in and not _is_kept_from(user, known.slug if known else name):
        return Choice(default, _stand_in(name, default.slug))
    raise InvalidRequest({"model": [_refusal(name, list(offered))]})


def _is_kept_from(user: User, slug: str) -> bool:
    """Whether it works here, for others: that is the operator's wish, and nothing to paper over."""
    rows = EngineModel.objects.filter(slug=slug)
    return rows.working().exists() and not rows.for_audience(user).exists()


def _stand_in(wanted: str, served: str) -> str:
    text = _("The model “%(wanted)s” is not set up here, so the default, “%(served)s”, paints.")
    return text % {"wanted": wanted[:MAX_TOLD], "served": served}


def _refusal(name: str, offered: list[str]) -> str:
    if not offered:
        return _("There is no model “%s” here, nor any other that works.") % name
    text = _("There is no model “%(name)s” here. Choose: %(names)s.")
    return text % {"name": name, "names": ", ".join(offered)}
