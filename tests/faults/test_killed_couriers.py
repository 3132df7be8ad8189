"""Couriers that are killed at the receiver's door: their message comes again, with the same id."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.stage import ROOT, Stage
from tests.generator.remote.provider import Says, Seen, serving
from tests.generator.webhooks.receiving import verified

pytestmark = [pytest.mark.slow]

MESSAGES = 12
#: The courier that brings every so-manieth request dies before it hears the answer.
EVERY = 4
#: More couriers than that mean that none of them gets anything done.
MOST = 20


class Mortal:
    """Runs couriers one after the other, and kills the one that is at the door."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.courier: subprocess.Popen[bytes] | None = None
        self.requests = 0

    def open_the_door(self, _seen: Seen) -> Says:
        self.requests += 1
        if self.requests % EVERY == 0 and self.courier:
            self.courier.kill()
        return Says({})

    def carry(self) -> bool:
        """Whether the courier lived to see everything delivered."""
        command = [sys.executable, "-m", "tests.faults.play", "carry"]
        self.courier = subprocess.Popen(command, cwd=ROOT, env=self.stage.env)
        return self.courier.wait() == 0


def test_no_message_is_lost_with_its_courier_and_repeats_carry_the_same_id(tmp_path: Path) -> None:
    stage = Stage(tmp_path, OUTBOUND_ALLOW="127.0.0.1/32")
    stage.prepare()
    mortal = Mortal(stage)
    with serving(mortal.open_the_door) as door:
        secret, messages = stage.play("announce", str(MESSAGES), f"{door.url}/hook")
        deaths = 0
        while not mortal.carry():
            deaths += 1
            assert deaths < MOST
    assert deaths >= MESSAGES // EVERY
    assert stage.play("messages") == {"delivered": MESSAGES}
    ids = [seen.headers["webhook-id"] for seen in door.seen]
    assert set(ids) == set(messages)
    assert len(ids) > MESSAGES
    for seen in door.seen:
        assert verified(seen, secret)["type"] == "generation.cancelled"
