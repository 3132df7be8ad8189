"""What a client is still owed on PicFinder's socket, while it is connected and while it is not.

A connection remembers which pictures of which generations it sent. When it breaks, that and
the messages that did not get through go into one row (`ParkedSession`); whoever comes back with the
session's id gets the rest, in this process or another. Pictures themselves are not buffered: they
are rows and files anyway. A process that is killed parks nothing; its sessions are then
known by their generations, whose pictures may be sent twice.
"""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from generator.dialects import picfinder
from generator.models import Generation, ParkedSession
from generator.models.status import UNFINISHED

#: Results wait so long for their client, as the service promises.
BUFFERED = dt.timedelta(minutes=2)
#: Messages that wait for one client at most, and their characters together; the oldest go.
MOST_LETTERS, MOST_CHARACTERS = 100, 4 * 1024 * 1024
#: Older generations are not looked through for a session that was never parked.
REMEMBERED = dt.timedelta(days=1)


@dataclass
class Session:
    """One client's session. `owed` maps generations to when each of their pictures was sent.

    `told` holds those of them that nothing more is to be said of, and since when; they are
    remembered for as long as their client may find that it heard nothing. Times are monotonic.
    """

    id: uuid.UUID
    user: User
    owed: dict[uuid.UUID, dict[int, float]] = field(default_factory=dict)
    told: dict[uuid.UUID, float] = field(default_factory=dict)
    letters: deque[tuple[float, str]] = field(default_factory=deque)
    used: bool = False

    def keep(self, message: Any) -> None:
        """A message that did not get through, for later."""
        self.letters.append((time.time(), json.dumps(message)))
        while len(self.letters) > 1 and (
            len(self.letters) > MOST_LETTERS
            or sum(len(text) for _, text in self.letters) > MOST_CHARACTERS
        ):
            self.letters.popleft()

    def follows(self, pk: uuid.UUID) -> bool:
        """Whether this generation is being told of, so that it need not be begun with."""
        return pk in self.owed and pk not in self.told

    def begin(self, pk: uuid.UUID) -> None:
        """All of this generation is to be told."""
        self.owed[pk] = {}
        self.told.pop(pk, None)

    def end(self, pk: uuid.UUID) -> None:
        """All of this generation was told."""
        now = time.monotonic()
        self.told[pk] = now
        for old in [x for x, then in self.told.items() if now - then > BUFFERED.total_seconds()]:
            del self.told[old], self.owed[old]

    def unsend(self, since: float) -> None:
        """What was sent later than `since` reached nobody."""
        self.told = {pk: then for pk, then in self.told.items() if then <= since}
        for sent in self.owed.values():
            for position in [each for each, when in sent.items() if when > since]:
                del sent[position]

    def park(self) -> None:
        """Keep all of it for whoever resumes the session. What was never used is not kept."""
        if not self.used:
            return
        owed = {str(pk): sorted(sent) for pk, sent in self.owed.items() if pk not in self.told}
        contents = {"owed": owed, "letters": [*self.letters]}
        ParkedSession.objects.park(self.user, self.id, contents)


def resume(session_id: uuid.UUID, user: User) -> Session:
    """The session of this id, with what its client is owed; empty where nothing is known of it."""
    parked = ParkedSession.objects.take(user, session_id)
    if parked is None:
        owed = dict.fromkeys(_of_killed(user, session_id), ())
        letters = []
    else:
        owed = {uuid.UUID(pk): sent for pk, sent in parked["owed"].items()}
        letters = parked["letters"]
    kept = set(_recent(user).filter(pk__in=owed).values_list("pk", flat=True))
    young = time.time() - BUFFERED.total_seconds()
    return Session(
        session_id,
        user,
        owed={pk: dict.fromkeys(sent, 0.0) for pk, sent in owed.items() if pk in kept},
        letters=deque((when, text) for when, text in letters if when >= young),
        used=parked is not None or bool(owed),
    )


def _of_killed(user: User, session_id: uuid.UUID) -> list[uuid.UUID]:
    """The generations of a session that a killed process could not park."""
    since = timezone.now() - REMEMBERED
    mine = _recent(user).filter(dialect=picfinder.name, created_at__gte=since)
    found = mine.filter(wire__session=str(session_id)).order_by("created_at")
    return list(found.values_list("pk", flat=True))


def _recent(user: User) -> Any:
    """What is not finished, or was a moment ago."""
    lately = timezone.now() - BUFFERED
    recent = Q(status__in=UNFINISHED) | Q(finished_at__gte=lately)
    return Generation.objects.of(user).filter(recent)


def read_id(text: object) -> uuid.UUID | None:
    """The id of a session, if `text` spells one."""
    try:
        return uuid.UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
