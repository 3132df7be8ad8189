"""The embedded broker: nothing lost, doubled or read half, over restarts too."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection, Exchange, Producer, Queue

import config.celery  # noqa: F401  it registers the transport
from config import broker

MESSAGES = 400
SPAWN = multiprocessing.get_context("spawn")


@contextmanager
def connected(folder: Path) -> Iterator[Connection]:
    options = {"folder": str(folder), "polling_interval": 0.005}
    with Connection("embedded://localhost", transport_options=options) as connection:
        yield connection


def send(folder: Path, *bodies: Any, queue: str = "sketch") -> None:
    with connected(folder) as connection:
        producer = Producer(connection)
        for body in bodies:
            producer.publish(body, exchange="", routing_key=queue)


def receive(folder: Path, queue: str = "sketch") -> list[Any]:
    """All that waits in the queue."""
    with connected(folder) as connection:
        channel = connection.channel()
        take: Callable[[], Any] = lambda: channel.basic_get(queue, no_ack=True)  # noqa: E731
        return [message.payload for message in iter(take, None)]


def write_many(folder: Path, writer: int) -> None:
    send(folder, *([writer, n, "x" * 20_000] for n in range(MESSAGES)))


def read_many(folder: Path, wanted: int, taken: Any) -> None:
    """Take messages until all readers together have `wanted`; exit status 1 on a half one."""
    with connected(folder) as connection:
        channel = connection.channel()
        while taken.qsize() < wanted:
            if message := channel.basic_get("sketch", no_ack=True):
                writer, number, body = message.payload
                taken.put((writer, number, len(body)))


@pytest.mark.slow
def test_two_writers_and_two_readers_neither_lose_nor_double_nor_halve_a_message(
    tmp_path: Path,
) -> None:
    taken = SPAWN.Queue()
    jobs = [SPAWN.Process(target=write_many, args=(tmp_path, n)) for n in range(2)]
    both = 2 * MESSAGES
    jobs += [SPAWN.Process(target=read_many, args=(tmp_path, both, taken)) for _ in range(2)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(120)
    assert [job.exitcode for job in jobs] == [0, 0, 0, 0]
    wanted = {(writer, n, 20_000) for writer in range(2) for n in range(MESSAGES)}
    assert Counter(taken.get() for _ in range(taken.qsize())) == Counter(wanted)


def test_messages_survive_the_process_that_sent_them_in_their_order(tmp_path: Path) -> None:
    sender = SPAWN.Process(target=send, args=(tmp_path, *range(20)))
    sender.start()
    sender.join(60)
    send(tmp_path, 20)
    assert receive(tmp_path) == list(range(21))


def test_order_follows_the_wall_clock_so_that_a_reboot_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(tmp_path, "before")
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    send(tmp_path, "after")
    assert receive(tmp_path) == ["before", "after"]


def test_a_message_that_is_being_written_is_not_seen(tmp_path: Path) -> None:
    send(tmp_path, "whole")
    folder = tmp_path / "queues" / "q-sketch"
    (folder / ".00000000000000000001-half").write_text('{"body": "ab')
    assert receive(tmp_path) == ["whole"]


def test_a_reader_that_was_overtaken_goes_on_with_the_next_message(tmp_path: Path) -> None:
    send(tmp_path, 1, 2, 3)
    with connected(tmp_path) as slow:
        channel = slow.channel()
        assert channel.basic_get("sketch", no_ack=True).payload == 1
        assert receive(tmp_path) == [2, 3]
        send(tmp_path, 4)
        assert channel.basic_get("sketch", no_ack=True).payload == 4


def test_an_unacknowledged_message_comes_back_when_its_reader_closes(tmp_path: Path) -> None:
    send(tmp_path, "again")
    with connected(tmp_path) as connection:
        connection.channel().basic_get("sketch")
        assert receive(tmp_path) == []
    assert receive(tmp_path) == ["again"]


def test_queues_do_not_meet_whatever_their_names(tmp_path: Path) -> None:
    names = ["sketch", "sketch.msg", "../sketch", ".", "", "a b/c", "SKETCH"]
    for name in names:
        send(tmp_path, f"for {name}", queue=name)
    assert [receive(tmp_path, name) for name in names] == [[f"for {name}"] for name in names]
    assert sorted(os.listdir(tmp_path)) == ["queues"]


def test_a_broadcast_reaches_every_queue_and_none_keeps_stale_ones(tmp_path: Path) -> None:
    exchange = Exchange("control", type="fanout")
    with connected(tmp_path) as connection:
        for name in ("one", "two"):
            Queue(name, exchange)(connection.default_channel).declare()
        stale = tmp_path / "queues" / "q-one" / "00000000000000000001-stale"
        stale.write_text("{}")
        Producer(connection).publish("ping", exchange=exchange)
    assert not stale.exists()
    assert (receive(tmp_path, "one"), receive(tmp_path, "two")) == (["ping"], ["ping"])


def test_a_reader_whose_folder_was_deleted_is_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    with connected(folder) as connection:
        bound = Queue("one", Exchange("control", type="fanout"))(connection.default_channel)
        bound.declare()
        shutil.rmtree(folder)
        assert bound.get() is None
        with connected(folder) as other:
            Producer(other).publish("ping", exchange=bound.exchange)
        assert bound.get().payload == "ping"


def test_a_full_disk_refuses_the_message_and_leaves_the_queue_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(tmp_path, 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space"):
            send(tmp_path, 2)
    assert receive(tmp_path) == [1]


def test_what_killed_processes_left_is_swept_and_what_is_new_is_not(tmp_path: Path) -> None:
    send(tmp_path, "kept")
    folder = tmp_path / "queues" / "q-sketch"
    replies = tmp_path / "queues" / f"q-1234{broker.REPLIES}"
    replies.mkdir()
    for name in (".old", ".new"):
        (folder / name).touch()
    for path in (folder / ".old", replies):
        os.utime(path, (1, 1))
    broker.sweep(tmp_path)
    assert (not replies.exists(), receive(tmp_path)) == (True, ["kept"])
    assert os.listdir(folder) == [".new"]


def test_an_empty_queue_is_empty(tmp_path: Path) -> None:
    with connected(tmp_path) as connection, pytest.raises(Empty):
        connection.channel()._get("nothing")
