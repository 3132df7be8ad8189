"""`manage.py rate_pictures`: have the classifier look at what no machine has rated."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gallery import classifying, rating_again


class Command(BaseCommand):
    help = "Asks PICTURE_CLASSIFIER about every picture that no machine has looked at."

    def handle(self, *args: Any, **options: Any) -> None:
        if not classifying.installed():
            raise CommandError("There is no classifier: set PICTURE_CLASSIFIER.")
        ids = list(rating_again.unlooked().values_list("pk", flat=True))
        rated = 0
        for start in range(0, len(ids), rating_again.BATCH):
            chunk = ids[start : start + rating_again.BATCH]
            rated += rating_again.rate(rating_again.unlooked().filter(pk__in=chunk))
        self.stdout.write(f"{rated} of {len(ids)} pictures rated")
