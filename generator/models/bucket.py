"""A bucket of somebody's own, for the pictures that programs of ModelsLab ask for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.sealing import seal, unseal

PURPOSE = "bucket"


class Bucket(models.Model):
    """Where one person's ModelsLab pictures go, and whether those without a bucket stay.

    Empty addresses: there is no bucket. The secret key is sealed and never shown again.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bucket"
    )
    # Objects are PUT at endpoint/directory/name and found at public_url/name.
    endpoint_url = models.CharField(max_length=300, blank=True)
    directory = models.CharField(max_length=200, blank=True)
    public_url = models.CharField(max_length=300, blank=True)
    region = models.CharField(max_length=60, blank=True)
    access_key = models.CharField(max_length=200, blank=True)
    secret_key = models.CharField(max_length=1000, blank=True)
    # Pictures that were made without a bucket stay in the gallery.
    keeps = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(endpoint_url="", public_url="", access_key="", secret_key="")
                | (~Q(endpoint_url="") & ~Q(public_url="") & ~Q(access_key="") & ~Q(secret_key="")),
                name="bucket_whole_or_empty",
            ),
        )

    def __str__(self) -> str:
        return f"{self.endpoint_url or 'no bucket'} of {self.user}"

    @property
    def is_set(self) -> bool:
        return bool(self.endpoint_url)

    def reveal(self) -> str:
        """The secret key. Raises `accounts.sealing.Unreadable`."""
        return unseal(self.secret_key, PURPOSE)

    @staticmethod
    def sealed(secret: str) -> str:
        """What `secret_key` keeps of a secret."""
        return seal(secret, PURPOSE)
