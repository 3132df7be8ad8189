"""Have pictures rated that nobody has rated yet: those that wait to be public, or all."""

from __future__ import annotations

from gallery import classifying, files, imaging
from gallery.models import Asset, RatedBy, Rating
from gallery.models.asset_queries import AssetQuerySet

#: So many at a time: whoever publishes next waits for a minute, not for the whole list.
BATCH = 50


def waiting() -> AssetQuerySet:
    """Published, but unrated; in no order, so that what cannot be rated holds up nothing."""
    rows = Asset.objects.filter(deleted_at=None, visibility="public", rating=Rating.UNRATED)
    return rows.order_by("?")


def unlooked() -> AssetQuerySet:
    """Everything that no machine has looked at, public or not."""
    unrated = Asset.objects.filter(deleted_at=None, machine_rating=Rating.UNRATED)
    upgraded = Asset.objects.filter(deleted_at=None, machine_source=RatedBy.UPGRADE)
    return (unrated | upgraded).order_by("created_at", "pk")


def rate(rows: AssetQuerySet) -> int:
    """Ask the classifier about each; says how many it rated."""
    return sum(_rate(asset) for asset in rows) if classifying.installed() else 0


def _rate(asset: Asset) -> bool:
    try:
        with files.open_file(asset.file) as file:
            pixels = imaging.decode(file.read())
    except (FileNotFoundError, imaging.UnsafePicture):
        return False
    found = classifying.look(pixels)
    return found is not None and asset.say_as_machine(found.columns())
