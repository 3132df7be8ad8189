"""Who sees a picture beyond its owner's teams: a person, or whoever has a link."""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User
    from gallery.models.asset import Asset

#: Bytes of the code that makes an id a token: as hard to guess as a key of 128 bits.
_CODE = 16


class ShareKind(models.TextChoices):
    PERSON = "person", _("A person")
    LINK = "link", _("A link")


class ShareQuerySet(models.QuerySet["Share"]):
    def of(self, owner: User) -> Self:
        """What `owner` gave and may take back; what ended is not listed."""
        return self.filter(made_by=owner, revoked_at=None)

    def links(self) -> Self:
        return self.filter(kind=ShareKind.LINK, revoked_at=None)

    def people(self) -> Self:
        return self.filter(kind=ShareKind.PERSON)

    def open(self) -> Self:
        """Those that let somebody in now: in time, of a picture that is not in the bin.

        A link, which anybody may pass on, also rests while its picture is held by moderators.
        """
        timely = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        kept = Q(asset__deleted_at=None, asset__owner__is_active=True)
        unheld = Q(kind=ShareKind.PERSON) | Q(asset__held="")
        return self.filter(timely, kept, unheld, revoked_at=None)

    def counted(self) -> dict[str, int]:
        """How many `people` and open `links` there are."""
        links = Q(kind=ShareKind.LINK) & Q(pk__in=self.open().values("pk"))
        people = Count("pk", filter=Q(kind=ShareKind.PERSON))
        return self.aggregate(people=people, links=Count("pk", filter=links))

    def find(self, token: str, kind: ShareKind) -> Share | None:
        """The share that `token` spells, open or not; None for what we did not write."""
        try:
            raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        if len(raw) != 16 + _CODE:
            return None
        pk = uuid.UUID(bytes=raw[:16])
        if not constant_time_compare(token, _token(pk, kind)):
            return None
        return self.filter(pk=pk, kind=kind).select_related("asset__owner", "made_by").first()

    def give(self, asset: Asset, person: User, *, may_edit: bool) -> Share:
        """Let `person` see it, or change its words too; says again what was said before."""
        share, _created = self.update_or_create(
            asset=asset,
            person=person,
            defaults={"may_edit": may_edit},
            create_defaults={
                "kind": ShareKind.PERSON,
                "made_by_id": asset.owner_id,
                "made_at": asset.created_at,
                "may_edit": may_edit,
            },
        )
        return share

    def let_edit(self, *, may_edit: bool) -> int:
        """Let these people change the words too, or only look; says how many. Links stay."""
        return self.people().update(may_edit=may_edit)

    def end(self) -> int:
        """Take all of these back, from the next request on; says how many.

        A link is remembered, so that it can say that it ended. Of a person nothing stays.
        """
        ended = self.links().update(revoked_at=timezone.now())
        gone, _rows = self.people().delete()
        return ended + gone


class Share(models.Model):
    """A picture shown to `person`, to whoever accepts at `email`, or to whoever has the link.

    The token of a link is no secret of the database: it is made of the id and SECRET_KEY.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(
        "gallery.Asset", on_delete=models.CASCADE, related_name="direct_shares"
    )
    kind = models.CharField(max_length=6, choices=ShareKind)
    # The picture's owner: when it gets another, its shares end.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # The picture's `created_at`, so that one index holds what somebody was shown in its order.
    made_at = models.DateTimeField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    # Whom it waits for, lower case; empty as soon as that person has accepted.
    email = models.EmailField(blank=True)
    may_edit = models.BooleanField(default=False)
    # Of links: whether prompt and recipe are shown, what must be typed (hashed), how often seen.
    shows_prompt = models.BooleanField(default=True)
    password = models.CharField(max_length=128, blank=True)
    views = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["person", "-made_at", "-asset"],
                condition=Q(person__isnull=False),
                name="share_with_person_newest",
            ),
            models.Index(
                fields=["made_by", "-created_at", "-id"],
                condition=Q(revoked_at=None),
                name="share_of_owner_newest",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["asset", "person"],
                condition=Q(person__isnull=False),
                name="share_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["asset", "email"], condition=~Q(email=""), name="share_once_per_address"
            ),
            models.CheckConstraint(
                condition=Q(kind=ShareKind.LINK, person=None, email="", may_edit=False)
                | Q(kind=ShareKind.PERSON, person__isnull=False, email="", password="")
                | (Q(kind=ShareKind.PERSON, person=None, password="") & ~Q(email="")),
                name="share_with_a_person_or_by_link",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def token(self) -> str:
        """What the address of the link, or of the invitation, ends with."""
        return _token(self.pk, ShareKind(self.kind))

    @property
    def has_password(self) -> bool:
        return bool(self.password)

    @property
    def is_past(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def opens_with(self, password: str) -> bool:
        return not self.password or check_password(password, self.password)

    def accept(self, user: User) -> bool:
        """Let `user` in whom it waited for; False when it waits for nobody any more."""
        waiting = Share.objects.open().filter(pk=self.pk, person=None).exclude(email="")
        given = Share.objects.filter(asset=self.asset_id, person=user)
        if given.exists():
            # Shared with them before: what more this one allows is theirs too.
            if self.may_edit and waiting.exists():
                given.update(may_edit=True)
            gone, _rows = Share.objects.filter(pk__in=waiting.values("pk")).delete()
            return bool(gone)
        return waiting.update(person=user, email="", expires_at=None) == 1

    def count_view(self) -> None:
        Share.objects.filter(pk=self.pk).update(views=F("views") + 1)


def _token(pk: uuid.UUID, kind: ShareKind) -> str:
    code = salted_hmac(f"limner.share.{kind}", pk.hex, algorithm="sha256").digest()[:_CODE]
    return base64.urlsafe_b64encode(pk.bytes + code).decode().rstrip("=")
