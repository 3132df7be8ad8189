"""E-mails of what was decided to whom it concerns, and of what waits to moderators.

Both are bounded by time, whatever happens: a flood of reports or of decisions is one mail, and
the next comes when that time has passed. Of two workers that look one writes; what could not be
sent is tried again.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from gallery import moderating
from gallery.models import Appeal, Notice, QueueMail, Report
from gallery.models.viewing import is_moderator

logger = logging.getLogger("limner.gallery")

#: So long a moderator may take a decision back before anybody is written to about it.
GRACE = dt.timedelta(minutes=5)
#: One person gets no second mail before that.
EVERY = dt.timedelta(minutes=30)
#: So many notices are spelt out in one mail; the page has all.
SPELT = 20


def tell_people() -> int:
    """Write to those who have not seen yet what they were told; says to how many."""
    now = timezone.now()
    untold = Notice.objects.untold(now - GRACE)
    people = User.objects.filter(pk__in=untold.values("person")).order_by("pk")
    lately = Notice.objects.filter(mailed_at__gt=now - EVERY)
    return sum(_tell(each, now) for each in people.exclude(pk__in=lately.values("person")))


def _tell(person: User, now: dt.datetime) -> bool:
    mine = Notice.objects.untold(now - GRACE).filter(person=person)
    pks = list(mine.values_list("pk", flat=True))
    if not Notice.objects.filter(pk__in=pks, seen_at=None, mailed_at=None).update(mailed_at=now):
        return False
    claimed = Notice.objects.filter(pk__in=pks, mailed_at=now)
    if _sent(_digest(person, list(claimed.order_by("pk")))):
        return True
    claimed.update(mailed_at=None)
    return False


def _digest(person: User, notices: Sequence[Notice]) -> EmailMessage:
    words = {
        "notices": notices[:SPELT],
        "more": max(0, len(notices) - SPELT),
        "url": settings.BASE_URL + reverse("notices"),
    }
    body = render_to_string("gallery/mail/notices.txt", words)
    subject = _("What moderators decided")
    return EmailMessage(f"Limner: {subject}", body, to=[person.email])


def tell_moderators() -> bool:
    """Write to all moderators when something new waits, once in MODERATION_MAIL_MINUTES."""
    if not settings.MODERATION_MAIL_MINUTES:
        return False
    before = QueueMail.objects.get_or_create(pk=1)[0]
    waiting = moderating.unrated().count()
    QueueMail.objects.filter(waiting__gt=waiting).update(waiting=waiting)
    reports = _pks(Report.objects.open().filter(told_at=None, asset__deleted_at=None))
    appeals = _pks(Appeal.objects.filter(answered_at=None, told_at=None, asset__deleted_at=None))
    moderators = _moderators()
    if not moderators or not (reports or appeals or waiting > before.waiting):
        return False
    now = timezone.now()
    if not _due(now).update(told_at=now, waiting=waiting):
        return False
    if not _sent(_call(moderators)):
        QueueMail.objects.filter(told_at=now).update(told_at=before.told_at, waiting=before.waiting)
        return False
    Report.objects.filter(pk__in=reports).update(told_at=now)
    Appeal.objects.filter(pk__in=appeals).update(told_at=now)
    return True


def _due(now: dt.datetime) -> QuerySet[QueueMail]:
    """The row, if the last mail lies far enough back."""
    past = now - dt.timedelta(minutes=settings.MODERATION_MAIL_MINUTES)
    return QueueMail.objects.filter(Q(told_at=None) | Q(told_at__lte=past))


def _moderators() -> list[User]:
    """Everybody who decides, and may sign in."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    return [each for each in staff if is_moderator(each)]


def _call(moderators: Sequence[User]) -> EmailMessage:
    """One for all of them, so that a failure halfway tells nobody twice."""
    cases = moderating.queue()
    count = moderating.awaited()
    words = {
        "count": count,
        "urgent": sum(case.is_urgent for case in cases),
        "reports": sum(bool(case.reports) for case in cases),
        "appeals": sum(bool(case.appeal) for case in cases),
        "minutes": settings.MODERATION_MAIL_MINUTES,
        "url": settings.BASE_URL + reverse("admin:moderation"),
    }
    body = render_to_string("gallery/mail/queue.txt", words)
    subject = ngettext(
        "%d picture waits for a moderator", "%d pictures wait for a moderator", count
    )
    return EmailMessage(f"Limner: {subject % count}", body, to=[each.email for each in moderators])


def _sent(message: EmailMessage) -> bool:
    try:
        message.send()
    except (OSError, smtplib.SMTPException):
        logger.exception("a mail about moderation could not be sent; trying again later")
        return False
    return True


def _pks(rows: QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True))
