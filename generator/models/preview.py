"""What unfinished pictures look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from generator.models.generation import Generation


class Preview(models.Model):
    """What an unfinished picture looks like so far: a small WebP, replaced as it grows."""

    generation = models.OneToOneField(
        "generator.Generation",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="preview",
    )
    image = models.BinaryField()

    def __str__(self) -> str:
        return f"preview of {self.generation_id}"

    @classmethod
    def show(cls, generation: Generation, image: bytes) -> None:
        """Replace what is shown of `generation`; only its lease holder calls this."""
        if not cls.objects.filter(pk=generation.pk).update(image=image):
            cls.objects.create(generation=generation, image=image)
