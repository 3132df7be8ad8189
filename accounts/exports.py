"""A copy of everything somebody has here, as one zip: asked for, made by a worker, fetched."""

from __future__ import annotations

import logging
import shutil
import smtplib
import time
import uuid
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import archive, bell, personal_data
from accounts.models import DataExport, User

log = logging.getLogger("limner.accounts")

FOLDER = "exports"
#: Seconds between two signs of life of whoever writes one.
HOLD_EVERY = 2
README = "accounts/export_readme.txt"


class NotWanted(Exception):
    """The copy that we write is somebody else's to write, or nobody wants it any more."""


class NoRoom(Exception):
    """The disk is nearly full, and pictures that are painted now go before."""


def ask(user: User) -> DataExport:
    """Have a copy made, instead of the one there may be; one that is being made goes on."""
    try:
        with transaction.atomic():
            for earlier in user.exports.exclude(ready_at=None, failed_at=None):
                forget(earlier)
            export = DataExport.objects.create(user=user)
            transaction.on_commit(bell.ring, robust=True)
            return export
    except IntegrityError:
        return user.exports.unfinished().get()


def make_all() -> int:
    """Make what was asked for; returns how many copies were finished."""
    waiting = DataExport.objects.waiting().select_related("user").order_by("asked_at")
    return sum(make(export) for export in waiting)


def make(export: DataExport) -> bool:
    """Write the zip to storage; False when that was not ours to do, or did not work."""
    abandoned, key = export.file, f"{FOLDER}/{export.pk}-{uuid.uuid4().hex[:12]}.zip"
    if not export.claim(key):
        return False
    if abandoned:
        _clear({abandoned, *(file for file in _files() if str(export.pk) in file)} - {key})
    stream = archive.Stream(archive.zipped(_held(export)))
    try:
        default_storage.save(key, stream)
        if not export.finish(stream.passed):
            raise NotWanted
    except NotWanted:
        default_storage.delete(key)
        return False
    except Exception:
        log.exception("the data of user %s could not be copied", export.user_id)
        default_storage.delete(key)
        export.give_up()
        return False
    _tell(export)
    return True


def forget(export: DataExport) -> None:
    """Delete it with its bytes."""
    export.delete()
    if export.file:
        transaction.on_commit(lambda: default_storage.delete(export.file), robust=True)


def forget_past() -> int:
    """Delete the copies that nobody can fetch any more; returns how many."""
    past = list(DataExport.objects.past())
    for export in past:
        forget(export)
    _sweep()
    return len(past)


def _sweep() -> None:
    """Delete what no row names: a row names its file before the first byte is written."""
    found = _files()
    _clear(found - set(DataExport.objects.exclude(file="").values_list("file", flat=True)))


def _files() -> set[str]:
    """All copies in storage, half ones of killed writers too, who may have left several."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return set()
    return {f"{FOLDER}/{name}" for name in names}


def _clear(keys: Iterable[str]) -> None:
    for key in keys:
        default_storage.delete(key)


def _entries(user: User) -> Iterator[archive.Entry]:
    """A page that explains the archive, the documents, then the files; nothing is read ahead."""
    yield "README.txt", [render_to_string(README, {"user": user}).encode()]
    for keeper in personal_data.keepers():
        for name, rows in keeper.documents(user):
            yield name, archive.as_json(rows)
    for keeper in personal_data.keepers():
        for name, key in keeper.stored_files(user):
            # What was deleted meanwhile is left out.
            if default_storage.exists(key):
                yield name, _bytes_of(key)


def _bytes_of(key: str) -> Iterator[bytes]:
    with default_storage.open(key) as file:
        yield from file.chunks(archive.PIECE)


def _held(export: DataExport) -> Iterator[archive.Entry]:
    """The entries, while the copy is ours to write; raises `NotWanted` or NoRoom."""
    _check_room()
    held_at = time.monotonic()

    def pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal held_at
        for chunk in chunks:
            if time.monotonic() - held_at > HOLD_EVERY:
                if not export.hold():
                    raise NotWanted
                _check_room()
                held_at = time.monotonic()
            yield chunk

    for name, chunks in _entries(export.user):
        yield name, pieces(chunks)


def _check_room() -> None:
    usage = shutil.disk_usage(settings.DATA_DIR)
    if usage.free * 100 < usage.total * settings.MIN_FREE_DISK_PERCENT:
        raise NoRoom


def _tell(export: DataExport) -> None:
    """Write to its owner. Whoever gets no mail finds it on the page."""
    address = settings.BASE_URL + reverse("account_data")
    body = render_to_string("accounts/mail/export_ready.txt", {"url": address, "export": export})
    try:
        EmailMessage(f"Limner: {_('Your data is ready')}", body, to=[export.user.email]).send()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("nobody could be told that a copy is ready: %s", error)
