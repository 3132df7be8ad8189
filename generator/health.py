"""When models last worked and last failed: noted by workers, seldom, and never at a picture's cost.

A process asks the database at most once a minute for each model and outcome; the rows' own
condition (`EngineModelQuerySet.note_success`) keeps several processes to the same pace.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator

from django.db import DatabaseError

from generator.models import EngineModel
from generator.models.engine_model import HEALTH_INTERVAL

logger = logging.getLogger("limner.health")

#: (model, whether it worked) -> when this process noted that last, by the monotonic clock.
_noted: dict[tuple[int, bool], float] = {}


def worked(model_id: int) -> None:
    """A picture of this model was delivered."""
    if _is_due(model_id, worked=True):
        with _at_no_cost(model_id):
            EngineModel.objects.filter(pk=model_id).note_success()


def failed(model_id: int, reason: str) -> None:
    """This model gave no picture, for a reason of one sentence."""
    if _is_due(model_id, worked=False):
        with _at_no_cost(model_id):
            EngineModel.objects.filter(pk=model_id).note_failure(reason)


def _is_due(model_id: int, *, worked: bool) -> bool:
    now = time.monotonic()
    last = _noted.get((model_id, worked))
    if last is not None and now - last < HEALTH_INTERVAL:
        return False
    _noted[model_id, worked] = now
    return True


@contextlib.contextmanager
def _at_no_cost(model_id: int) -> Iterator[None]:
    try:
        yield
    except DatabaseError:
        # The picture is what matters; the next one notes it.
        logger.warning("the health of model %s could not be written", model_id, exc_info=True)
