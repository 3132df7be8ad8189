"""How much somebody's pictures take, and how much they may."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from accounts.models import User
from gallery.models import Asset, Upload

#: What somebody without room is told.
FULL = (
    "Your pictures take all the room you have. Delete some and empty your bin, or ask whoever "
    "runs this server for more."
)


@dataclass(frozen=True)
class Room:
    """Bytes that somebody's pictures take, and may take; `most` is None where none is set.

    Counted are the pictures themselves, those in the bin and those that were sent in to work
    from, and not the smaller copies that we make for our pages.
    """

    used: int
    most: int | None

    @property
    def is_full(self) -> bool:
        return self.most is not None and self.used >= self.most


def room_of(user: User) -> Room:
    """What `user` has, counted now."""
    return Room(_used_by(user), user.most_bytes)


def is_full(user: User) -> bool:
    """Whether `user` may keep nothing more; costs nothing where no limit is set."""
    return user.most_bytes is not None and room_of(user).is_full


def _used_by(user: User) -> int:
    kinds = (Asset.objects.filter(owner=user), Upload.objects.filter(owner=user))
    return sum(rows.aggregate(sum=Sum("size"))["sum"] or 0 for rows in kinds)
