"""Pictures of ModelsLab's programs: into a bucket of their owner's, or away after a day.

A picture is PUT to an address that is signed here in advance (S3's query signature, version 4)
by what sends pictures to addresses (`generator.delivery`), through its guard and with its tries.
So no worker needs the bucket's keys.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from accounts.sealing import Unreadable
from gallery.models import Asset
from generator.contract import InvalidRequest
from generator.dialects import Result, modelslab
from generator.engines.remote import guard
from generator.engines.remote.faults import Blocked
from generator.models import Bucket, Generation, Output, PictureDelivery, SendingState

logger = logging.getLogger("limner.buckets")

#: Seconds for which a signed address takes a picture: longer than anybody tries.
SIGNED_FOR = 24 * 3600
#: How long pictures last that were made without a bucket, and how far back a sweep looks.
LASTS, LOOKS_BACK = dt.timedelta(hours=24), dt.timedelta(days=30)
#: Pictures of one look, and whatever else belongs to the last one's order.
AT_ONCE = 500


def check(values: Mapping[str, str]) -> None:
    """Whether pictures may be sent there; `InvalidRequest` under the wire's names."""
    errors = {}
    for name in ("endpoint_url", "public_url"):
        try:
            guard.check_url(values[name])
        except Blocked as fault:
            errors[name] = [fault.reason]
    if errors:
        raise InvalidRequest(errors)


def of(user: User) -> Bucket | None:
    """What `user` chose; None when nothing."""
    return Bucket.objects.filter(user=user).first()


def fill(user: User, values: Mapping[str, str]) -> None:
    """Send what is made from now on to the bucket that `values` describe (they passed `check`)."""
    columns: dict[str, Any] = {
        "endpoint_url": values["endpoint_url"].rstrip("/"),
        "public_url": values["public_url"].rstrip("/"),
        "region": values["region_name"],
        "directory": values["image_directory"].strip("/"),
        "access_key": values["aws_access_key_id"],
        "secret_key": Bucket.sealed(values["aws_secret_access_key"]),
    }
    Bucket.objects.update_or_create(user=user, defaults=columns)


def forget(user: User) -> None:
    """Send nothing to a bucket any more; whether pictures are kept stays as it was chosen."""
    empty = ("endpoint_url", "public_url", "region", "directory", "access_key", "secret_key")
    Bucket.objects.filter(user=user).update(**dict.fromkeys(empty, ""))


def keep(user: User, *, wanted: bool) -> None:
    """Keep the pictures that are made without a bucket, or let them go after a day."""
    Bucket.objects.update_or_create(user=user, defaults={"keeps": wanted})


def settle(generation: Generation) -> None:
    """Decide what becomes of the pictures of a new order; in the transaction that made it."""
    if "bucket" in generation.wire or "expires" in generation.wire:
        return  # its Idempotency-Key was used before
    bucket = of(generation.owner)
    told: dict[str, Any] = {}
    if bucket and bucket.is_set:
        told["bucket"] = bucket.public_url
        _ask(generation, bucket)
    elif not (bucket and bucket.keeps):
        told["expires"] = True
    generation.wire = {**generation.wire, **told}
    Generation.objects.filter(pk=generation.pk).update(wire=generation.wire)


def at_home(result: Result) -> Result:
    """`result` with links into the bucket, for what has arrived there; base64 stays ours."""
    place = result.wire.get("bucket")
    if not place or result.wire.get("base64"):
        return result
    sent = PictureDelivery.objects.filter(generation_id=result.id, state=SendingState.SENT)
    there = set(sent.values_list("position", flat=True))
    pictures = tuple(
        replace(each, url=f"{place}/{_name(result.id, each.position, result.request)}")
        if each.position in there
        else each
        for each in result.pictures
    )
    return replace(result, pictures=pictures)


def on_their_way(generation_id: Any) -> bool:
    """Whether pictures of it are sent for the first time just now; later tries keep nobody."""
    rows = PictureDelivery.objects.filter(generation_id=generation_id, state=SendingState.WAITING)
    return rows.filter(error="").exists()


@transaction.atomic
def clear_away() -> int:
    """Bin what was made without a bucket more than a day ago; returns how many pictures.

    What was liked, named, tagged, collected, shared or published since stays, and so does all of
    it for those who chose that. What somebody takes out of the bin again is not binned twice.
    """
    # Orders are cleared whole: what is left of one could not be told from what was brought back.
    orders = set(_over().values_list("generation", flat=True)[:AT_ONCE])
    pictures = _over().filter(generation__in=orders).values_list("asset", flat=True)
    binned = Asset.objects.filter(pk__in=list(pictures)).move_to_bin()
    for generation in Generation.objects.select_for_update().filter(pk__in=orders):
        wire = {name: value for name, value in generation.wire.items() if name != "expires"}
        Generation.objects.filter(pk=generation.pk).update(wire=wire)
    if binned:
        logger.info("%d pictures that were made without a bucket were binned", len(binned))
    return len(binned)


def _over() -> QuerySet[Output]:
    """Of pictures that were to last a day, those of which it is over."""
    ended = Q(
        generation__finished_at__lt=Now() - LASTS,
        generation__finished_at__gt=Now() - LOOKS_BACK,
        generation__dialect=modelslab.name,
        generation__wire__expires=True,
    )
    unseen = Q(asset__likes=None, asset__team_shares=None, asset__direct_shares=None)
    unsorted = Q(asset__tags=None, asset__collection_items=None)
    unnamed = Q(asset__name="", asset__description="")
    untouched = unseen & unsorted & unnamed & Q(asset__visibility="private")
    outputs = Output.objects.filter(ended, untouched, asset__deleted_at=None)
    return outputs.exclude(generation__owner__bucket__keeps=True)


def _ask(generation: Generation, bucket: Bucket) -> None:
    try:
        keys = Credentials(bucket.access_key, bucket.reveal())
    except Unreadable:
        logger.warning("the bucket of user %s cannot be read any more", bucket.user_id)
        return
    host = httpx.URL(bucket.endpoint_url).host[:255]
    rows = []
    for position in range(generation.count):
        name = _name(str(generation.pk), position, generation.request)
        rows.append(
            PictureDelivery(
                generation=generation,
                owner=generation.owner,
                position=position,
                endpoint=signed(bucket, name, keys),
                host=host,
            )
        )
    PictureDelivery.objects.bulk_create(rows, ignore_conflicts=True)


def signed(bucket: Bucket, name: str, keys: Credentials) -> str:
    """Where `name` can be PUT for a day, by whoever has the address."""
    path = "/".join(part for part in (bucket.directory, name) if part)
    request = AWSRequest(method="PUT", url=f"{bucket.endpoint_url}/{quote(path)}")
    region = bucket.region or "us-east-1"
    S3SigV4QueryAuth(keys, "s3", region, expires=SIGNED_FOR).add_auth(request)
    return str(request.url)


def _name(generation_id: str, position: int, request: Any) -> str:
    return f"{generation_id}-{position}.{request.output_format.value}"
