"""Sending finished pictures to the address that their client named: PicFinder's uploadEndpoint.

A picture is PUT as the bytes it is kept in, with their length and type, as S3 and its relatives
want it. Whoever waits for the answer does not wait for this: the rows are written with the order,
and worker processes send what is due from threads of their own, so that a slow address holds up
no painting. A row is held while it is sent; a process that dies leaves it to the next. Another
try follows where it may help. Every connection passes the guard of `engines.remote`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import httpx
from django.db import Error, connection

from accounts.models import User
from gallery import files
from gallery.models import Asset
from generator.contract import InvalidRequest
from generator.dialects.picfinder_fields import MAX_URL
from generator.engines.remote import guard, verdicts
from generator.engines.remote.faults import Blocked, Fault, Refused, Unavailable
from generator.engines.remote.patience import retry_after
from generator.engines.remote.transport import GuardedTransport, deadline
from generator.models import Generation, Output, PictureDelivery

logger = logging.getLogger("limner.delivery")

#: Seconds for a connection, for one silence, and for all of one try.
CONNECT, SILENCE, TOTAL = 10.0, 30.0, 90.0
#: Pictures that one process sends at once.
AT_ONCE = 4
#: Answers after which another try may help; 409 is S3's for two writers at once.
_BUSY = {408, 409, 425, 429}
_places = threading.BoundedSemaphore(AT_ONCE)


def check_endpoint(url: object, *, field: str = "uploadEndpoint") -> str:
    """`url`, if its form is one we send to; `InvalidRequest` on `field` otherwise.

    Where its name leads is looked up when we go there.
    """
    if not isinstance(url, str) or not 0 < len(url) <= MAX_URL:
        raise InvalidRequest({field: [f"Must be a URL of at most {MAX_URL} characters."]})
    try:
        guard.check_url(url)
    except Blocked as fault:
        raise InvalidRequest({field: [fault.reason]}) from None
    return url


def ask(generation: Generation, endpoint: str) -> None:
    """Send every picture of `generation` to `endpoint`, as it is made. Asking twice is asking once.

    `endpoint` passed `check_endpoint`.
    """
    rows = [
        PictureDelivery(generation=generation, position=position, **_to(generation.owner, endpoint))
        for position in range(generation.count)
    ]
    PictureDelivery.objects.bulk_create(rows, ignore_conflicts=True)


def ask_for_kept(user: User, asset_ids: Collection[str], endpoint: str) -> None:
    """Send pictures that were made before, those of them that `user` may see."""
    seen = Asset.objects.visible_to(user).filter(pk__in=asset_ids)
    PictureDelivery.objects.bulk_create(
        PictureDelivery(asset=asset, **_to(user, endpoint)) for asset in seen.only("pk")
    )


def has_any(generation: Generation) -> bool:
    """Whether somebody wants this generation's pictures sent."""
    return PictureDelivery.objects.filter(generation=generation).exists()


def send_due(start: Callable[[Callable[[], None]], None] | None = None) -> int:
    """Begin to send what is due, as many as this process may at once; says how many.

    `start` runs a function, in a thread unless told otherwise.
    """
    begun = 0
    while _places.acquire(blocking=False):
        delivery = PictureDelivery.objects.take()
        if delivery is None:
            _places.release()
            break
        (start or _in_a_thread)(partial(_send_and_free, delivery))
        begun += 1
    return begun


def give_up_hopeless() -> int:
    """End those without a picture, and those of which every sender died; says how many."""
    rows = PictureDelivery.objects
    hopeless = {
        "There is no picture to send.": rows.pointless(),
        "Sending it broke off each time.": rows.worn_out(),
    }
    return sum(
        delivery.failed(reason) for reason, found in hopeless.items() for delivery in found[:200]
    )


def send(delivery: PictureDelivery) -> None:
    """One try, and what became of it into the row."""
    try:
        data, media_type = _contents(delivery)
        put(delivery.endpoint, data, media_type)
    except LookupError:
        delivery.failed("The picture was deleted before it could be sent.")
    except Unavailable as fault:
        delivery.put_off(fault.reason, fault.wait)
    except Fault as fault:
        delivery.failed(fault.reason)
    else:
        delivery.sent()
        return
    logger.warning("a picture was not sent to %s on try %d", delivery.host, delivery.attempts)


def put(url: str, data: bytes, media_type: str) -> None:
    """PUT `data` to `url`; a `Fault` unless the answer is a success. Redirects are not followed."""
    guard.check_url(url)
    token = deadline.set(time.monotonic() + TOTAL)
    timeout = httpx.Timeout(SILENCE, connect=CONNECT)
    try:
        with _client() as client:
            # Bytes, not a stream: S3 refuses what comes in chunks, without its length.
            request = client.build_request(
                "PUT", url, content=data, headers={"Content-Type": media_type}, timeout=timeout
            )
            response = client.send(request, stream=True)
            try:
                _judge(response)
            finally:
                response.close()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise verdicts.of_transport("The address", error) from None
    finally:
        deadline.reset(token)


def _judge(response: httpx.Response) -> None:
    status = response.status_code
    if 200 <= status < 300:
        return
    if status in _BUSY or status >= 500:
        wait = retry_after(response.headers)
        raise Unavailable(f"The address could not take the picture ({status}).", wait=wait)
    if 300 <= status < 400:
        raise Refused(f"The address leads elsewhere ({status}), where we do not follow.")
    raise Refused(f"The address refused the picture ({status}).")


def _client() -> httpx.Client:
    return httpx.Client(
        transport=GuardedTransport(),
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": "Limner"},
    )


def _to(owner: User, endpoint: str) -> dict[str, Any]:
    return {"owner": owner, "endpoint": endpoint, "host": httpx.URL(endpoint).host[:255]}


def _contents(delivery: PictureDelivery) -> tuple[bytes, str]:
    """Its bytes and their type; LookupError when they are gone, or not its owner's to see."""
    made = Output.objects.filter(generation=delivery.generation_id, position=delivery.position)
    pk = delivery.asset_id or made.values_list("asset_id", flat=True).first()
    asset = Asset.objects.visible_to(delivery.owner).filter(pk=pk).first() if pk else None
    if asset is None:
        raise LookupError(delivery.pk)
    try:
        with files.open_file(asset.file) as file:
            return file.read(), asset.media_type
    except FileNotFoundError:
        raise LookupError(delivery.pk) from None


def _send_and_free(delivery: PictureDelivery) -> None:
    try:
        send(delivery)
    finally:
        _places.release()


def _in_a_thread(work: Callable[[], None]) -> None:
    # A daemon: a worker that must end does not wait for somebody else's server.
    threading.Thread(target=partial(_and_then_look, work), name="delivery", daemon=True).start()


def _and_then_look(work: Callable[[], None]) -> None:
    """`work`, then the next one; the connection is this thread's own."""
    try:
        work()
        send_due()
    except Error:
        logger.exception("the database did not answer; the delivery is tried again")
    finally:
        connection.close()
