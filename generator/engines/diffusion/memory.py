"""How many pictures fit into one pass, and what to do when they do not."""

from __future__ import annotations

import torch

#: Bytes of memory per pixel of a picture in a pass with guidance, in half precision:
#: a cautious guess, since running out costs only a second try.
BYTES_PER_PIXEL = 2000
#: The share of free memory that a pass may use.
SHARE = 0.9
_MESSAGES = ("out of memory", "can't allocate memory", "not enough memory")


def is_exhausted(error: BaseException) -> bool:
    """Whether a pass failed for want of memory, on whatever device."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(message in text for message in _MESSAGES)


class Ceilings:
    """The largest batch per model and size that is known not to be too large."""

    def __init__(self, device: torch.device, most: int) -> None:
        self.device, self.most = device, most
        self._known: dict[tuple[str, int], int] = {}

    def get(self, model: str, pixels: int) -> int:
        """How many pictures of `pixels` to try at once: at least 1."""
        known = self._known.get((model, pixels), self.most)
        return max(1, min(self.most, known, self._room(pixels)))

    def halve(self, model: str, pixels: int, tried: int) -> None:
        """A pass of `tried` pictures ran out of memory."""
        self._known[model, pixels] = max(1, tried // 2)

    def _room(self, pixels: int) -> int:
        if self.device.type != "cuda":
            return self.most
        free, _total = torch.cuda.mem_get_info(self.device)
        # What torch keeps for itself between passes is free for the next one.
        free += torch.cuda.memory_reserved(self.device) - torch.cuda.memory_allocated(self.device)
        return int(free * SHARE / (pixels * BYTES_PER_PIXEL))
