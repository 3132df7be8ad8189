"""What people are told about their pictures, reports and appeals; and when moderators were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User
from gallery.models.asset import Asset
from gallery.models.rated import ReasonKind

if TYPE_CHECKING:
    import datetime as dt


class NoticeKind(models.TextChoices):
    """What happened, as the person reads it."""

    HELD = "held", _("A picture of yours was reported, and is held back until a moderator looks.")
    APPROVED = "approved", _("A moderator looked at a picture of yours: nothing is wrong with it.")
    SENSITIVE = "sensitive", _("A moderator rated a picture of yours as sensitive.")
    REMOVED = "removed", _("A moderator took a picture of yours out of the public.")
    BINNED = "binned", _("A moderator moved a picture of yours to your bin.")
    RESTORED = "restored", _("A moderator brought a picture of yours back from your bin.")
    UNDONE = "undone", _("A moderator took a decision about a picture of yours back.")
    REPORT = "report", _("A moderator has dealt with a picture that you reported. Thank you.")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def write(self, *notices: Notice) -> None:
        """Save them, and let each person's pages say that there is something new.

        Call it in the transaction of the deed.
        """
        Notice.objects.bulk_create(notices)
        people = {notice.person_id for notice in notices}
        # In one order, or two deeds about the same people lock each other out.
        for pk in sorted(people):
            User.objects.filter(pk=pk).update(has_notices=True)

    def see(self, person: User) -> list[int]:
        """Mark what `person` has not seen yet; says which those are."""
        # First the flag: what is written meanwhile raises it again.
        User.objects.filter(pk=person.pk, has_notices=True).update(has_notices=False)
        fresh = list(self.filter(person=person, seen_at=None).values_list("pk", flat=True))
        self.filter(pk__in=fresh, seen_at=None).update(seen_at=timezone.now())
        return fresh

    @transaction.atomic
    def withdraw(self) -> None:
        """Delete what was neither seen nor mailed; pages of whoever has nothing else new say so."""
        unread = self.filter(seen_at=None, mailed_at=None)
        people = User.objects.filter(pk__in=list(unread.values_list("person", flat=True)))
        unread.delete()
        # Held first: what is written meanwhile either counts below or raises the flag again.
        list(people.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        news = Notice.objects.filter(person=OuterRef("pk"), seen_at=None)
        people.exclude(Exists(news)).update(has_notices=False)

    def untold(self, before: dt.datetime) -> Self:
        """Written before then, neither seen nor mailed, for people who want mail of it."""
        wanted = self.filter(person__is_active=True, person__mail_notices=True)
        return wanted.filter(seen_at=None, mailed_at=None, made_at__lte=before)


class Notice(models.Model):
    """One thing that one person is told. Goes with the account, and with the picture."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind)
    # Whether it ends an appeal of theirs.
    answers_appeal = models.BooleanField(default=False)
    # Why, chosen from a list, and in the moderator's own words.
    reason_kind = models.CharField(max_length=10, choices=ReasonKind, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    # What taking it back withdraws.
    decision = models.ForeignKey(
        AuditEntry, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["person", "-id"], name="notice_newest"),
            models.Index(
                fields=["made_at"],
                condition=Q(seen_at=None, mailed_at=None),
                name="notice_untold_oldest",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"


class QueueMail(models.Model):
    """The one row that says when moderators were last written to."""

    told_at = models.DateTimeField(null=True)
    # How many published pictures waited to be rated then, or fewer since.
    waiting = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="queue_mail_is_one"),)

    def __str__(self) -> str:
        return f"told at {self.told_at}"
