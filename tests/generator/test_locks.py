"""What is done at once must not lock each other out. Means most on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from time import sleep

import pytest
from django.db import connection, transaction

from gallery import keeping
from gallery.models import Asset, Tag
from generator import scheduling
from generator.models import Generation
from tests.factories import keep, make_asset, make_picture
from tests.generator.orders import make_person, submit

#: Seconds for the other side to get as far as it can.
HEAD_START = 0.5


@pytest.mark.django_db
def test_new_words_are_written_in_one_order_whatever_order_they_were_typed_in():
    make_asset(make_person()).set_tags(["sea", "cliff", "fog"])
    assert [tag.name for tag in Tag.objects.order_by("pk")] == ["cliff", "fog", "sea"]


@pytest.mark.django_db(transaction=True)
def test_a_picture_can_be_erased_while_its_remix_is_recorded():
    owner = make_person()
    parent = keep(make_picture(owner), binned=True)
    generation = submit(owner, model="scripted")
    Generation.objects.filter(pk=generation.pk).update(parent_asset=parent)
    [claimed] = scheduling.claim("scripted")
    held = Event()
    remix = replace(make_picture(owner, source="remix"), parent_id=parent.pk)

    def record() -> None:
        with transaction.atomic():
            claimed.hold()
            held.set()
            sleep(HEAD_START)
            keep(remix)
        connection.close()

    def erase() -> None:
        held.wait()
        keeping.purge([parent.pk])
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(record), pool.submit(erase)]:
            done.result()
    assert not Asset.objects.filter(pk=parent.pk).exists()
    assert Asset.objects.get(source="remix").parent is None
