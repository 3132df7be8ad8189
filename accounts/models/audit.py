"""What staff did: who, to what, what it was before and after, and why. Written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.user import User


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def record(
        self,
        actor: User,
        action: str,
        subject: models.Model,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> AuditEntry:
        """Write down that `actor` did `action` ("credits.grant") to `subject`.

        Call it in the transaction of the deed. `before` and `after` are JSON; they name no
        person but by id, for an entry outlives accounts.
        """
        return self.create(
            actor=actor,
            action=action,
            subject=f"{subject._meta.model_name}:{subject.pk}",
            before=dict(before or {}),
            after=dict(after or {}),
            reason=reason[:300],
        )


class AuditEntry(models.Model):
    """One deed of a member of staff. Triggers refuse to change or delete it."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    # "user:7": a model's name and a key, which outlive what they name.
    subject = models.CharField(max_length=60)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["subject", "-id"], name="audit_of_a_subject"),)
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
