"""The jobs that a statement names: how they stand with their money, and what they were for."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from accounts.models import CreditEntry, Kind, User
from accounts.statements import Line
from generator.models import Generation

register = template.Library()


@dataclass(frozen=True)
class JobNote:
    """What a line says of its job; `prompt` is empty where it is somebody else's."""

    state: str
    prompt: str


@register.simple_tag
def jobs_of(lines: Iterable[Line], reader: User) -> dict[str, JobNote]:
    """Notes on the generations that `lines` are about, by entry, in one query."""
    entries = [line.entry for line in lines]
    ids = {pk for entry in entries if (pk := _generation_id(entry))}
    columns = ("pk", "owner_id", "status", "unit_price", "count", "refunded", "spec")
    found = Generation.objects.only(*columns).in_bulk(ids) if ids else {}
    return {
        str(entry.pk): _note(job, entry, reader)
        for entry in entries
        if (pk := _generation_id(entry)) and (job := found.get(pk))
    }


@register.filter
def note_on(notes: Mapping[str, JobNote], entry: CreditEntry) -> JobNote | None:
    """What `jobs_of` found out about `entry`."""
    return notes.get(str(entry.pk))


def _generation_id(entry: CreditEntry) -> uuid.UUID | None:
    if entry.subject != "generation":
        return None
    with contextlib.suppress(ValueError):
        return uuid.UUID(entry.subject_id)
    return None


def _note(job: Generation, entry: CreditEntry, reader: User) -> JobNote:
    prompt = str(job.spec.get("prompt", "")) if job.owner_id == reader.pk else ""
    return JobNote(_state(job, entry), prompt)


def _state(job: Generation, entry: CreditEntry) -> str:
    if entry.kind == Kind.REFUND:
        return _("Given back")
    if not job.is_finished:
        return _("Held")
    if job.refunded < job.cost or not job.cost:
        return _("Paid")
    return _("Held, then given back")
