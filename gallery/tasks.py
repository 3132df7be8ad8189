"""Celery's way in. Each task may run twice or be missed: the next one does the rest."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.conf import settings

from gallery import (
    keeping,
    notice_mail,
    rating_again,
    telling,
    tidying,
    trending,
    uploading,
)

#: How long a notice can be read.
NOTICE_DAYS = 365


@shared_task
def empty_bins() -> int:
    """Delete for ever what has been binned for BIN_DAYS."""
    return keeping.empty_bins(dt.timedelta(days=settings.BIN_DAYS))


@shared_task
def forget_unused_uploads() -> int:
    """Delete pictures that were sent in a day ago and that nothing was made from."""
    return uploading.forget_unused()


@shared_task
def rate_waiting() -> int:
    """Rate what was published unrated, so that it becomes public; needs a classifier."""
    return rating_again.rate(rating_again.waiting()[: rating_again.BATCH])


@shared_task(ignore_result=True)
def tell() -> None:
    """Write to people what moderators decided, and to moderators what waits."""
    notice_mail.tell_people()
    notice_mail.tell_moderators()


@shared_task
def forget_notices() -> int:
    """Delete what people were told long ago."""
    return telling.forget_before(dt.timedelta(days=NOTICE_DAYS))


@shared_task
def refresh_trends() -> int:
    """Say anew which pictures are liked a lot these days."""
    return trending.refresh()


@shared_task
def tidy_search() -> int:
    """Index what no search finds yet, and forget words and tags that no picture has any more."""
    forgotten = tidying.forget_unused_words() + tidying.forget_unused_tags()
    return tidying.index_missing() + forgotten


@shared_task
def remove_orphans() -> int:
    """Delete bytes that no row names and that nobody can still be recording."""
    return keeping.remove_orphans()
