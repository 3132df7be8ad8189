"""Somebody who did some of everything, and what is left of it, for the tests of erasures."""

from __future__ import annotations

import io
from typing import Any

from django.core.management import call_command

from accounts import exports
from accounts.models import User
from gallery.models import Asset, Like
from generator import submission
from generator.models import Generation
from generator.submission import Order
from tests.factories import keep, make_picture, make_upload
from tests.generator.orders import make_model, make_request, run_all

WORDS = "a secret garden of mine"


def order(owner: User, **said: Any) -> Generation:
    return submission.submit(Order(owner=owner, request=make_request(WORDS), **said))


def live_a_little(user: User, friend: User) -> list[str]:
    """Do some of everything; returns the storage keys of what is the user's own."""
    make_model("blank")
    order(user, idempotency_key="k", fingerprint="f", project="spring")
    run_all()
    order(user)
    kept = keep(make_picture(user, prompt=WORDS), public=True)
    keep(make_picture(user, prompt=WORDS), binned=True)
    upload = make_upload(user, used=True)
    Like.objects.add(keep(make_picture(friend), public=True), user)
    Like.objects.add(kept, friend)
    exports.make(exports.ask(user))
    files = [upload.file, upload.thumbnail, user.exports.get().file]
    for asset in Asset.objects.filter(owner=user):
        files += [asset.file, *asset.variants.values_list("file", flat=True)]
    return files


def dump() -> str:
    """Every row of every table, as text."""
    out = io.StringIO()
    call_command("dumpdata", stdout=out, verbosity=0)
    return out.getvalue()


def problems() -> str:
    out = io.StringIO()
    call_command("check_invariants", stdout=out)
    return out.getvalue()
