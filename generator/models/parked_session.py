"""What a WebSocket session left behind when its connection broke, until it is resumed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models import User

#: Results are kept for so long; a session whose pictures are still being made waits longer.
KEPT_FOR = dt.timedelta(days=1)
#: Sessions of one person that wait; each may hold megabytes. The oldest go.
MOST = 100


class ParkedSessionQuerySet(models.QuerySet["ParkedSession"]):
    def stale(self) -> Self:
        return self.filter(parked_at__lt=timezone.now() - KEPT_FOR)

    def park(self, user: User, session: uuid.UUID, contents: dict[str, Any]) -> None:
        """Keep `contents` for whoever resumes the session; the latest ones count."""
        values = {"contents": contents, "parked_at": timezone.now()}
        self.update_or_create(user=user, session=session, defaults=values)
        latest = self.filter(user=user).order_by("-parked_at", "-pk")
        self.filter(pk__in=[*latest.values_list("pk", flat=True)[MOST:]]).delete()

    @transaction.atomic
    def take(self, user: User, session: uuid.UUID) -> dict[str, Any] | None:
        """What was kept for the session, for one caller alone; None when nothing was."""
        rows = self.filter(user=user, session=session)
        found = rows.select_for_update().first()
        if found is None or not rows.filter(pk=found.pk).delete()[0]:
            return None
        return dict(found.contents)


class ParkedSession(models.Model):
    """One session of one user; its client named it, or was given its name by us."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session = models.UUIDField()
    # Messages not sent, and the pictures sent of each generation; see `generator.sockets.sessions`.
    contents = models.JSONField()
    parked_at = models.DateTimeField(db_index=True)

    objects = ParkedSessionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "session"], name="parked_session_once"),
        )

    def __str__(self) -> str:
        return str(self.session)
