"""One queue of work per engine, and the turn it is serving."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.db.models.functions import Greatest


class Lane(models.Model):
    """Fair queueing's clock for one engine: `serving` is the turn last handed out.

    Its row is also the lock that makes claims of one engine take turns on PostgreSQL.
    """

    engine = models.CharField(max_length=40, primary_key=True)
    serving = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.engine} at {self.serving}"

    @classmethod
    def locked(cls, engine: str) -> Lane:
        """The lane of `engine`, held until the transaction ends."""
        cls.objects.get_or_create(engine=engine)
        return cls.objects.select_for_update().get(engine=engine)

    def advance(self, turn: int) -> None:
        Lane.objects.filter(pk=self.pk).update(serving=Greatest(F("serving"), turn))
