"""People say what is wrong with a picture, and owners ask for another look."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import throttling
from accounts.models import User
from gallery import telling
from gallery.models import Appeal, Asset, Hold, Reason, Report
from gallery.models.report import URGENT

#: So many reports by one person at once, and then one every three minutes.
LIMIT = throttling.Limit("reports", burst=20, per_second=1 / 180)


#: The same for one visitor without an account: five at once, then one every ten minutes.
VISITORS_LIMIT = throttling.Limit("reports-of-visitors", burst=5, per_second=1 / 600)
#: So many of theirs wait about one picture, and so many urgent ones beside the others; more would
#: tell a moderator nothing new.
VISITORS_MOST = 3


class TooManyReports(Exception):
    """This person has reported too much. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("You reported many pictures; please go on later.")


class ReportedBefore(Exception):
    """This person has reported this picture already."""


class AppealedBefore(Exception):
    """The owner has asked, and nobody has answered yet."""


def report(asset: Asset, reporter: User, reason: Reason, note: str = "") -> Report:
    """Tell moderators about `asset`. Raises ReportedBefore or TooManyReports.

    One urgent report, or REPORTS_TO_HIDE of any kind, hides a published picture until a
    moderator has looked; one that a moderator has approved stays until they look again.
    """
    if Report.objects.filter(asset=asset, reporter=reporter).exists():
        raise ReportedBefore
    turn = throttling.take(LIMIT, str(reporter.pk))
    if not turn.allowed:
        raise TooManyReports(turn.retry_after)
    try:
        with transaction.atomic():
            made = Report.objects.create(asset=asset, reporter=reporter, reason=reason, note=note)
            _hold_if_due(asset, reason)
    except IntegrityError:
        # Their other click was faster.
        raise ReportedBefore from None
    return made


def report_as_visitor(asset: Asset, visitor: str, reason: Reason, note: str = "") -> Report | None:
    """The same for somebody without an account. Raises TooManyReports.

    `visitor` is where they come from, for the limit; it is not kept. Moderators learn of it, but
    it hides nothing by itself: visitors are nobody in particular, and could hide anything.
    None: enough of them have said so.
    """
    turn = throttling.take(VISITORS_LIMIT, visitor)
    if not turn.allowed:
        raise TooManyReports(turn.retry_after)
    said = Report.objects.open().filter(asset=asset, by_visitor=True)
    # Or whoever says something harmless first would keep from moderators what is urgent.
    alike = said.filter(reason__in=URGENT) if reason in URGENT else said.exclude(reason__in=URGENT)
    if alike.count() >= VISITORS_MOST:
        return None
    return Report.objects.create(asset=asset, reason=reason, note=note, by_visitor=True)


def _hold_if_due(asset: Asset, reason: Reason) -> None:
    said = Report.objects.open().filter(asset=asset, by_visitor=False).count()
    if reason in URGENT or said >= settings.REPORTS_TO_HIDE:
        unseen = Asset.objects.filter(pk=asset.pk, held=Hold.NONE, moderator_rating="")
        if unseen.update(held=Hold.REPORTS):
            telling.held(asset)


def may_appeal(asset: Asset) -> bool:
    """Whether there is something that only a moderator can change."""
    raised = asset.is_sensitive and not asset.owner_sensitive
    return bool(asset.held or raised or asset.public_state == "waiting")


def appeal(asset: Asset, note: str) -> Appeal:
    """Ask moderators to look again. Raises AppealedBefore."""
    try:
        with transaction.atomic():
            return Appeal.objects.create(asset=asset, note=note)
    except IntegrityError:
        raise AppealedBefore from None
