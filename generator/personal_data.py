"""The generator's part of `accounts.personal_data`: what was asked for, and how it went."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.personal_data import CHUNK, Document, StoredFile
from generator.models import (
    Bucket,
    CachedSeries,
    Generation,
    IdempotencyKey,
    ParkedSession,
    PictureDelivery,
    RemoteTask,
    Webhook,
    WebhookDelivery,
)

#: What stays of a request: what it cost and why, and nothing that somebody wrote.
KEPT = ("model", "width", "height", "steps", "count", "sampler", "guidance_scale", "safety")
#: A prompt cannot be empty.
NO_WORDS = "-"
#: Marks the jobs that were emptied; while a job waits, this says with which it may be painted.
ERASED = "erased"


def documents(user: User) -> Iterator[Document]:
    """Every job: the request, what became of it and what it cost; and what was sent where."""
    jobs = Generation.objects.filter(owner=user).select_related("model", "payer__team")
    rows = jobs.prefetch_related("outputs").order_by("created_at", "pk")
    yield "jobs.json", map(_job, rows.iterator(CHUNK))
    yield "bucket.json", map(_bucket, Bucket.objects.filter(user=user))
    yield "webhooks.json", map(_webhook, user.webhooks.select_related("team"))
    yield "sent-pictures.json", map(_sent, PictureDelivery.objects.of(user).iterator(CHUNK))


def stored_files(user: User) -> Iterator[StoredFile]:
    """Pictures are the gallery's."""
    return iter(())


def erase(user: User) -> None:
    """Stop and refund what waits or runs, and empty every job of words.

    The rows stay, for the ledger's entries name them.
    """
    mine = Generation.objects.filter(owner=user)
    for generation in mine.unfinished().select_related("payer"):
        generation.cancel()
    IdempotencyKey.objects.filter(user=user).delete()
    ParkedSession.objects.filter(user=user).delete()
    RemoteTask.objects.filter(generation__owner=user).delete()
    Bucket.objects.filter(user=user).delete()
    Webhook.objects.filter(owner=user).delete()
    WebhookDelivery.objects.filter(Q(owner=user) | Q(generation__owner=user)).delete()
    # A hash of a prompt tells who guesses the prompt that it was right.
    CachedSeries.objects.filter(owner=user).delete()
    PictureDelivery.objects.of(user).delete()
    while batch := list(_wordy(mine)[:CHUNK]):
        for generation in batch:
            _empty(generation)


def _wordy(mine: QuerySet[Generation]) -> QuerySet[Generation]:
    return mine.exclude(batch_key=ERASED).only("pk", "spec")


def _empty(generation: Generation) -> None:
    spec = {name: generation.spec[name] for name in KEPT if name in generation.spec}
    Generation.objects.filter(pk=generation.pk).update(
        spec={**spec, "prompt": NO_WORDS},
        wire={},
        note="",
        error="",
        project="",
        parent_asset=None,
        batch_key=ERASED,
    )


def _job(generation: Generation) -> dict[str, Any]:
    team = generation.payer.team
    return {
        "id": str(generation.pk),
        "status": generation.status,
        "model": generation.model.slug,
        "request": generation.spec,
        "pictures": [str(output.asset_id) for output in generation.outputs.all()],
        "paidBy": team.name if team else "own",
        "project": generation.project,
        "charged": generation.cost,
        "refunded": generation.refunded,
        "error": generation.error,
        "asked": generation.created_at,
        "finished": generation.finished_at,
    }


def _webhook(webhook: Webhook) -> dict[str, Any]:
    return {
        "url": webhook.url,
        "description": webhook.description,
        "events": webhook.events,
        "team": webhook.team.name if webhook.team else None,
        "enabled": webhook.enabled,
        "made": webhook.created_at,
    }


def _sent(delivery: PictureDelivery) -> dict[str, Any]:
    """Without the address that it went to: it may hold a key, and is forgotten in the end."""
    return {
        "job": delivery.generation_id and str(delivery.generation_id),
        "picture": delivery.position,
        "to": delivery.host,
        "state": delivery.state,
        "tries": delivery.attempts,
        "error": delivery.error,
        "asked": delivery.created_at,
        "ended": delivery.ended_at,
    }


def _bucket(bucket: Bucket) -> dict[str, Any]:
    """Without its secret key, as everywhere."""
    names = ("endpoint_url", "directory", "public_url", "region", "access_key", "keeps")
    return {name: getattr(bucket, name) for name in names}
