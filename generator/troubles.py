"""Is anything wrong? What an operator should know of first, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery import files
from generator.models import EngineModel
from generator.overview import Day, Queue

#: A first job that waits longer than this, in seconds, is worth a look.
LONG_WAIT = 300
#: So many of a day's jobs failed, at least, and this share of them.
SOME_FAILED, SHARE_FAILED = 5, 0.1


@dataclass(frozen=True)
class Trouble:
    """What is wrong, and what helps. `link` is a page of the administration, or empty."""

    what: str
    remedy: str
    link: str = ""


def troubles(today: Day, queue: Queue) -> list[Trouble]:
    """Everything that is wrong now, the worst first; empty when all is well."""
    return [*_of_disk(), *_of_queue(queue), *_of_day(today), *_of_models()]


def _of_disk() -> Iterator[Trouble]:
    if files.disk_is_nearly_full():
        least = settings.MIN_FREE_DISK_PERCENT
        told = _("Less than %d %% of the disk is free: no job is taken.") % least
        yield Trouble(told, _("Free some room, or move the pictures to a larger disk."))


def _of_queue(queue: Queue) -> Iterator[Trouble]:
    if queue.abandoned:
        told = ngettext("%d job lost its worker.", "%d jobs lost their workers.", queue.abandoned)
        helps = _("They go back to the queue within seconds; if not, the scheduler is missing.")
        yield Trouble(told % queue.abandoned, helps)
    if queue.oldest > LONG_WAIT:
        told = _("The first job has waited for %d minutes.") % (queue.oldest // 60)
        helps = _("Is a worker running for its engine? /readyz and the log say so.")
        yield Trouble(told, helps)


def _of_day(today: Day) -> Iterator[Trouble]:
    if today.failed >= SOME_FAILED and today.failed >= SHARE_FAILED * today.ended:
        told = _("%(failed)d of today's %(ended)d jobs failed.")
        helps = _("The models below say why, as the workers saw it; credits were given back.")
        yield Trouble(told % {"failed": today.failed, "ended": today.ended}, helps)


def _of_models() -> Iterator[Trouble]:
    for model in EngineModel.objects.filter(enabled=True).order_by("name"):
        link = reverse("admin:generator_enginemodel_change", args=[model.pk])
        worked, failed = model.worked_at, model.failed_at
        if reason := model.why_not:
            yield Trouble(_("%s cannot work.") % model.name, reason, link)
        elif failed and (worked is None or failed > worked):
            told = _("%(model)s failed %(when)s and has not worked since.")
            said = told % {"model": model.name, "when": naturaltime(failed)}
            yield Trouble(said, model.last_error, link)
