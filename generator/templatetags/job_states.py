"""How the jobs that a statement names stand with their money: held, paid, given back."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Mapping

from django import template
from django.utils.translation import gettext as _

from accounts.models import CreditEntry, Kind
from accounts.statements import Line
from generator.models import Generation

register = template.Library()


@register.simple_tag
def job_states(lines: Iterable[Line]) -> dict[str, Generation]:
    """The generations that `lines` are about, by id, in one query."""
    ids = [pk for line in lines if (pk := _generation_id(line.entry))]
    columns = ("pk", "status", "unit_price", "count", "refunded")
    found = Generation.objects.only(*columns).in_bulk(ids) if ids else {}
    return {str(pk): generation for pk, generation in found.items()}


def _generation_id(entry: CreditEntry) -> uuid.UUID | None:
    if entry.subject != "generation":
        return None
    with contextlib.suppress(ValueError):
        return uuid.UUID(entry.subject_id)
    return None


@register.filter
def state_of(jobs: Mapping[str, Generation], entry: CreditEntry) -> str:
    """What `entry` is for its job, in words; empty when it is about no job of ours."""
    job = jobs.get(entry.subject_id)
    if job is None:
        return ""
    if entry.kind == Kind.REFUND:
        return _("Given back")
    if not job.is_finished:
        return _("Held")
    if job.refunded < job.cost or not job.cost:
        return _("Paid")
    return _("Held, then given back")
