"""The engine for everything that other machines paint."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from generator.engines import Errand, Event, Refusal
from generator.engines.remote.account import Account, Misconfigured, account_of, cannot
from generator.engines.remote.breaker import breaker_of
from generator.engines.remote.faults import Fault, Paused, Refused, Unavailable
from generator.engines.remote.trip import Means, NotOurs, Trip

logger = logging.getLogger("limner.remote")

#: A try that failed is followed by another after so many seconds.
PAUSE = 3.0


class RemoteEngine:
    """Buys pictures from the provider that the model's options name (`account`)."""

    name = "remote"
    batch = 1

    def __init__(self, means: Means | None = None) -> None:
        self.means = means or Means()

    def buy(self, errands: Sequence[Errand]) -> Iterator[Event]:
        """One errand after another; each ends with its pictures or a refusal."""
        for number, errand in enumerate(errands):
            if reason := cannot(errand.request, errand.options):
                yield Refusal(number, reason)
                continue
            try:
                account = account_of(errand.options)
            except Misconfigured as error:
                logger.error("a model of the remote engine cannot work: %s", error)
                yield Refusal(number, "This model is not set up completely.")
            else:
                yield from self._run(number, errand, account)

    def _run(self, number: int, errand: Errand, account: Account) -> Iterator[Event]:
        breaker = breaker_of(account.url)
        try:
            yield from Trip(number, errand, account, breaker, self.means).events()
        except NotOurs:
            return
        except Fault as fault:
            reason = _without(account.key, fault.reason)
            logger.warning("%s: %s", account.adapter.name, reason)
            yield _refusal(number, fault, reason)


def _refusal(number: int, fault: Fault, reason: str) -> Refusal:
    match fault:
        case Refused():
            return Refusal(number, reason)
        case Paused(wait=wait):
            return Refusal(number, reason, retryable=True, wait=max(wait, PAUSE), spent=False)
        case Unavailable(wait=wait):
            return Refusal(number, reason, retryable=True, wait=max(wait, PAUSE))
    raise fault


def _without(key: str, text: str) -> str:
    """`text` even if a provider repeats our key in it."""
    return text.replace(key, "…") if key else text
