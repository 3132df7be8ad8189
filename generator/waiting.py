"""Hold on until a generation is finished, without holding a thread."""

from __future__ import annotations

import time
import uuid

from asgiref.sync import sync_to_async

from generator import watching
from generator.models import Generation
from generator.models.status import UNFINISHED


async def until_finished(generation_id: uuid.UUID, seconds: float) -> None:
    """Return once the generation is finished or gone, and at the latest after `seconds`."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        revision = await _revision_while_unfinished(generation_id)
        if revision is None:
            return
        await watching.changed({generation_id: revision}, left)


@sync_to_async
def _revision_while_unfinished(generation_id: uuid.UUID) -> int | None:
    unfinished = Generation.objects.filter(pk=generation_id, status__in=UNFINISHED)
    return unfinished.values_list("revision", flat=True).first()
