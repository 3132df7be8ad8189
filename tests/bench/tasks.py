"""The baseline: a Celery task that encodes and stores the same picture, and nothing else."""

from __future__ import annotations

import time

from celery import shared_task
from PIL import Image

from accounts.models import User
from gallery import keeping


@shared_task(ignore_result=True)
def keep_blank(owner_id: int, sent: float, side: int, report: str) -> None:
    """Store a blank picture with its variants; append how long that took since `sent`, in ms."""
    owner = User(pk=owner_id)
    picture = keeping.NewPicture(
        owner=owner,
        source="bench",
        pixels=Image.new("RGB", (side, side), "orange"),
        prompt="bench",
        recipe={"request": {"prompt": "bench"}},
        parameters="bench",
        digital_source_type="algorithmicMedia",
    )
    keeping.store(picture)
    with open(report, "a") as lines:
        lines.write(f"{(time.time() - sent) * 1000:.3f}\n")
