"""Which generations: whose, waiting, running, abandoned."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now

from accounts.models import Team, TeamRight
from generator.models.status import UNFINISHED, Status

if TYPE_CHECKING:
    from accounts.models import User
    from generator.models.generation import Generation  # noqa: F401  named in quotes below


class GenerationQuerySet(models.QuerySet["Generation"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """The generations `user` may see: their own."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def accountable_to(self, user: User | AnonymousUser) -> Self:
        """Those whose money `user` may look into: their own, and what a team paid whose whole
        statement they may read. What they show of pictures is another question."""
        teams = Team.objects.of(user, TeamRight.READ_STATEMENT)
        return self.filter(Q(owner=user.pk) | Q(payer__team__in=teams))

    def unfinished(self) -> Self:
        return self.filter(status__in=UNFINISHED)

    def due(self, engine: str) -> Self:
        """What waits for `engine` and may begin, the next turn first."""
        waiting = self.filter(status=Status.QUEUED, engine=engine)
        return waiting.free_to_begin().order_by("turn", "created_at")

    def free_to_begin(self) -> Self:
        """Without those that wait for a provider to recover."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=Now()))

    def abandoned(self) -> Self:
        """Running, but whoever ran them let the lease pass. Compared by the database's clock."""
        return self.filter(status=Status.RUNNING, lease_until__lt=Now())

    def queued_for(self, age: dt.timedelta) -> Self:
        return self.filter(status=Status.QUEUED, queued_at__lt=Now() - age)

    def with_place(self) -> Self:
        """Adds `ahead`: how many turns come before this one in its queue."""
        earlier = (
            self.model.objects.filter(status=Status.QUEUED, engine=OuterRef("engine"))
            .filter(
                Q(turn__lt=OuterRef("turn"))
                | Q(turn=OuterRef("turn"), created_at__lt=OuterRef("created_at"))
            )
            .order_by()
            .values("engine")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.annotate(ahead=Coalesce(Subquery(earlier), 0))
