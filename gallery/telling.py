"""Telling people what was decided about their pictures, and reporters that it was.

Each function is called in the transaction of the deed; what they write is read on the page of
notices at once, and mailed by `notice_mail`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from accounts.models import AuditEntry
from gallery.models import Asset, Notice, NoticeKind, Rating


def held(asset: Asset) -> None:
    """Its owner learns that reports hold it back; who reported is nobody's business."""
    Notice.objects.write(Notice(person_id=asset.owner_id, asset=asset, kind=NoticeKind.HELD))


def owner(
    asset: Asset,
    kind: NoticeKind,
    *,
    decision: AuditEntry | None = None,
    words: str = "",
    answers_appeal: bool = False,
) -> None:
    """Its owner learns what became of it; `asset` is as it stands now."""
    told = Notice(
        person_id=asset.owner_id,
        asset=asset,
        kind=kind,
        decision=decision,
        reason_kind=asset.moderator_kind,
        words=words[:1000],
        answers_appeal=answers_appeal,
    )
    Notice.objects.write(told)


def reporters(asset: Asset, people: Iterable[int], decision: AuditEntry) -> None:
    """Those who reported it learn that somebody looked, and nothing of what was decided."""
    kind = NoticeKind.REPORT
    told = [Notice(person_id=pk, asset=asset, kind=kind, decision=decision) for pk in people]
    Notice.objects.write(*told)


def taken_back(asset: Asset, decision: AuditEntry) -> None:
    """Withdraw what nobody has read yet; an owner who has read it learns that it is over."""
    of_it = Notice.objects.filter(decision=decision)
    of_it.withdraw()
    read = of_it.filter(person=asset.owner_id).exclude(kind=NoticeKind.REPORT)
    if read.exists():
        owner(asset, NoticeKind.UNDONE, decision=decision)


def matters(before: Mapping[str, Any], after: Asset, *, appealed: bool) -> bool:
    """Whether an owner can notice a moderator's word at all: a report they never knew of and
    that changed nothing is not news.
    """
    stood = (before["rating"], before["held"], before["listed"])
    return appealed or stood != (after.rating, after.held, after.listed)


def word_for(asset: Asset) -> NoticeKind:
    """What a moderator's word about a picture is called, as it stands now."""
    if asset.deleted_at:
        return NoticeKind.BINNED
    if asset.held:
        return NoticeKind.REMOVED
    sensitive = asset.moderator_rating == Rating.SENSITIVE
    return NoticeKind.SENSITIVE if sensitive else NoticeKind.APPROVED


def forget_before(age: dt.timedelta) -> int:
    """Delete notices older than that; says how many."""
    return Notice.objects.filter(made_at__lt=timezone.now() - age).delete()[0]
