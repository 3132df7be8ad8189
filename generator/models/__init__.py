"""From a request to a picture: what is kept about it."""

from generator.models.bucket import Bucket
from generator.models.cached_series import CachedSeries
from generator.models.engine_model import EngineModel
from generator.models.generation import Generation
from generator.models.idempotency import IdempotencyKey
from generator.models.lane import Lane
from generator.models.output import Output
from generator.models.parked_session import ParkedSession
from generator.models.picture_delivery import PictureDelivery, SendingState
from generator.models.preview import Preview
from generator.models.prompt_rule import PromptRule
from generator.models.remote_task import RemoteTask
from generator.models.status import Status
from generator.models.webhook import Webhook, WebhookEvent
from generator.models.webhook_delivery import WebhookAttempt, WebhookDelivery, WebhookState

__all__ = [
    "Bucket",
    "CachedSeries",
    "EngineModel",
    "Generation",
    "IdempotencyKey",
    "Lane",
    "Output",
    "ParkedSession",
    "PictureDelivery",
    "Preview",
    "PromptRule",
    "RemoteTask",
    "SendingState",
    "Status",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEvent",
    "WebhookState",
]
