"""What can go wrong with a provider, by what helps. Texts are one sentence, without secrets."""

from __future__ import annotations


class Fault(Exception):
    """Something between us and a provider. `over`: what was bought there came to nothing."""

    def __init__(self, reason: str, *, over: bool = False) -> None:
        self.reason, self.over = reason, over
        super().__init__(reason)


class Refused(Fault):
    """No other try will help: a key, an account, a prompt, a wrong address."""


class Gone(Refused):
    """The provider does not know what we ask for: an address, a model, or a purchase."""


class Unavailable(Fault):
    """Another try may help, after `wait` seconds.

    `unasked` is true where the provider has certainly not begun anything, so that even a
    purchase may be repeated at once.
    """

    def __init__(
        self, reason: str, *, wait: float = 0.0, unasked: bool = False, over: bool = False
    ) -> None:
        self.wait, self.unasked = wait, unasked
        super().__init__(reason, over=over)


class Paused(Fault):
    """We do not ask this provider at all for `wait` seconds: it failed too often."""

    def __init__(self, reason: str, wait: float) -> None:
        self.wait = wait
        super().__init__(reason)


class Blocked(Refused):
    """An address that we do not connect to. Says the same whatever listens there."""

    def __init__(self) -> None:
        super().__init__("This address is not allowed.")
