"""Two recipes side by side: what is the same and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gallery import recipe
from gallery.models import Asset


@dataclass(frozen=True)
class Line:
    """One setting of both pictures; "" where one has none."""

    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


def compare(first: Asset, second: Asset) -> list[Line]:
    """Every setting of either, those that differ first."""
    left, right = dict(_settings(first)), dict(_settings(second))
    labels = [*left, *(label for label in right if label not in left)]
    lines = [Line(label, left.get(label, ""), right.get(label, "")) for label in labels]
    return sorted(lines, key=lambda line: not line.differs)


def _settings(asset: Asset) -> Iterator[tuple[str, str]]:
    asked = recipe.request_of(asset.recipe)
    yield _("Prompt"), asset.prompt
    yield _("Negative prompt"), str(asked.get("negative_prompt") or "")
    yield _("Seed"), str(asked.get("seed", ""))
    yield _("Size"), f"{asset.width} × {asset.height}"
    for row in recipe.rows(asset.recipe):
        yield row.label, row.value
