"""Remembering what was bought from a provider, so that no worker buys it again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, QuerySet

from generator.engines import Receipt
from generator.models import Generation, RemoteTask
from generator.models.generation import LeaseLost


class Purchases:
    """The receipts of one job: pictures `offset`, `offset + 1`, … of `generation`.

    See `generator.engines.Purchases`. Writing needs the lease: a worker that lost it must
    not overwrite what its successor bought.
    """

    def __init__(self, generation: Generation, offset: int) -> None:
        self.generation, self.offset = generation, offset
        self.committed = False

    def receipt(self, position: int) -> Receipt | None:
        row = self._rows(position).exclude(remote_id="", link="").first()
        return Receipt(row.provider, row.remote_id, row.place, row.link) if row else None

    def keep(self, position: int, receipts: Sequence[Receipt]) -> bool:
        try:
            with transaction.atomic():
                self.generation.hold()
                for number, receipt in enumerate(receipts, self.offset + position):
                    self._keep(number, receipt)
        except LeaseLost:
            return False
        return True

    def _keep(self, position: int, receipt: Receipt) -> None:
        RemoteTask.objects.update_or_create(
            generation=self.generation,
            position=position,
            defaults={
                "provider": receipt.provider,
                "remote_id": receipt.task,
                "place": receipt.place,
                "link": receipt.link,
            },
        )

    def drop(self, position: int) -> None:
        self._rows(position).get_or_create(
            defaults={"generation": self.generation, "position": self.offset + position}
        )
        self._rows(position).update(remote_id="", link="", failures=F("failures") + 1)

    def name(self, position: int) -> str:
        failures = self._rows(position).values_list("failures", flat=True).first() or 0
        return f"{self.generation.pk}:{self.offset + position}:{failures}"

    def _rows(self, position: int) -> QuerySet[RemoteTask]:
        return RemoteTask.objects.filter(
            generation=self.generation, position=self.offset + position
        )

    def unwanted(self) -> bool:
        return not Generation.objects.unfinished().filter(pk=self.generation.pk).exists()
