"""From a request to a picture: what is kept about it."""

from generator.models.engine_model import EngineModel
from generator.models.generation import Generation
from generator.models.idempotency import IdempotencyKey
from generator.models.lane import Lane
from generator.models.output import Output
from generator.models.preview import Preview
from generator.models.remote_task import RemoteTask
from generator.models.status import Status

__all__ = [
    "EngineModel",
    "Generation",
    "IdempotencyKey",
    "Lane",
    "Output",
    "Preview",
    "RemoteTask",
    "Status",
]
