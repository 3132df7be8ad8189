"""Reports of pictures, and owners who ask for a decision to be looked at again."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.models.asset import Asset


class Reason(models.TextChoices):
    """What somebody finds wrong with a picture."""

    UNMARKED = "unmarked", _("It should be marked as sensitive")
    MINOR = "minor", _("It sexualises a child")
    PERSON = "person", _("It shows a real person, who does not want that")
    HATE = "hate", _("It incites hatred or violence")
    RIGHTS = "rights", _("It violates somebody’s rights to a work or a name")
    ILLEGAL = "illegal", _("It is illegal in another way")
    OTHER = "other", _("Something else")


#: One such report hides a public picture until a moderator has looked.
URGENT = (Reason.MINOR, Reason.PERSON, Reason.ILLEGAL)


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        """Those that no moderator has answered."""
        return self.filter(closed_at=None)


class Report(models.Model):
    """What one person says of one picture. `reporter` is forgotten with their account.

    Of a visitor without an account nothing is kept but that it was one.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_visitor = models.BooleanField(default=False)
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True)
    # When moderators were written to about it.
    told_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["made_at"], condition=Q(closed_at=None), name="report_open_oldest"
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["asset", "reporter"], name="report_once_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.reason} of {self.asset_id}"


class Appeal(models.Model):
    """An owner asks moderators to look at a picture again, and what they answered."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="appeals")
    note = models.CharField(max_length=1000)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["asset"], condition=Q(answered_at=None), name="appeal_one_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"appeal {self.pk} about {self.asset_id}"
