"""What a picture is rated, whose word that is, and whether everybody may see it.

Three parties have a say, each in columns of its own, and the database works out what follows,
so that no two pieces of code can disagree about who wins:

1. a moderator's word is the last one;
2. an owner may call a picture sensitive, and take that back, but never call it safe;
3. otherwise it is what an engine or a classifier found.
"""

from __future__ import annotations

from typing import TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import SensitivePictures, User
from gallery.models.choices import Rating, Visibility
from gallery.models.viewing import is_moderator, policy_of


class RatedBy(models.TextChoices):
    """Whose word a rating is."""

    NOBODY = "", _("Nobody")
    ENGINE = "engine", _("The engine that made it")
    CLASSIFIER = "classifier", _("A classifier")
    UPGRADE = "upgrade", _("Public before pictures were rated")
    OWNER = "owner", _("Its owner")
    MODERATOR = "moderator", _("A moderator")


class ReasonKind(models.TextChoices):
    """What kind of reason a moderator had: the part of it that everybody may read."""

    SEXUAL = "sexual", _("Sexual content")
    VIOLENCE = "violence", _("Violence")
    HATE = "hate", _("Hatred")
    MINOR = "minor", _("Safety of children")
    PERSON = "person", _("A real person")
    RIGHTS = "rights", _("Rights of somebody else")
    ILLEGAL = "illegal", _("Against the law")
    OTHER = "other", _("Another reason")


class Hold(models.TextChoices):
    """Why a published picture is kept from the public."""

    NONE = "", _("Not held")
    REPORTS = "reports", _("Reported, until a moderator has looked")
    MODERATOR = "moderator", _("Taken out of the public by a moderator")


class PublicState(models.TextChoices):
    """What has become of the wish to publish."""

    PRIVATE = "private", _("Not published")
    WAITING = "waiting", _("Waits for review")
    PUBLIC = "public", _("Public")
    HELD = "held", _("Held back while reports are looked into")
    REMOVED = "removed", _("Taken out of the public by a moderator")


class MachineRating(TypedDict):
    """What a machine found, as columns."""

    machine_rating: str
    machine_source: str
    machine_reason: str


#: Who wins over whom.
_RATING = Case(
    When(~Q(moderator_rating=""), then=F("moderator_rating")),
    When(owner_sensitive=True, then=Value(Rating.SENSITIVE.value)),
    default=F("machine_rating"),
    output_field=models.CharField(max_length=10),
)
#: A column that is worked out cannot name another such, so this says "rated" in its own words.
_IS_RATED = ~Q(moderator_rating="") | Q(owner_sensitive=True) | ~Q(machine_rating=Rating.UNRATED)
_LISTED = Case(
    When(Q(visibility=Visibility.PUBLIC, held="") & _IS_RATED, then=Value(True)),  # noqa: FBT003
    default=Value(False),  # noqa: FBT003
    output_field=models.BooleanField(),
)


def is_open(*, listed: bool, rating: str) -> bool:
    """`Rated.is_open` of two columns, where no model is made of a row."""
    return listed and rating == Rating.SAFE


class Rated(models.Model):
    """The columns; a picture is one (`Asset`). Values of what is worked out are the database's."""

    machine_rating = models.CharField(max_length=10, choices=Rating, default=Rating.UNRATED)
    machine_source = models.CharField(
        max_length=10, choices=RatedBy, default=RatedBy.NOBODY, blank=True
    )
    machine_reason = models.CharField(max_length=200, blank=True)
    owner_sensitive = models.BooleanField(default=False)
    # Empty: no moderator has said anything.
    moderator_rating = models.CharField(
        max_length=10,
        choices=[(Rating.SAFE, _("Safe")), (Rating.SENSITIVE, _("Sensitive"))],
        blank=True,
    )
    # Why, for everybody; and in words that are for the owner and moderators.
    moderator_kind = models.CharField(max_length=10, choices=ReasonKind, blank=True)
    moderator_reason = models.CharField(max_length=300, blank=True)
    held = models.CharField(max_length=10, choices=Hold, default=Hold.NONE, blank=True)
    rating = models.GeneratedField(
        expression=_RATING, output_field=models.CharField(max_length=10), db_persist=True
    )
    # Whether everybody may see it: published, rated, and not held.
    listed = models.GeneratedField(
        expression=_LISTED, output_field=models.BooleanField(), db_persist=True
    )

    class Meta:
        abstract = True

    visibility: models.CharField
    owner_id: int

    @property
    def is_sensitive(self) -> bool:
        return self.rating == Rating.SENSITIVE

    def veiled_for(self, viewer: User | AnonymousUser) -> bool:
        """Whether `viewer` sees it blurred until they press."""
        return self.is_sensitive and policy_of(viewer) != SensitivePictures.SHOW

    @property
    def is_open(self) -> bool:
        """Whether it may be shown to anybody anywhere: link previews, feeds, other sites."""
        return is_open(listed=self.listed, rating=self.rating)

    @property
    def rating_source(self) -> str:
        """Whose word the rating is, one of `RatedBy`."""
        if self.moderator_rating:
            return RatedBy.MODERATOR
        return RatedBy.OWNER if self.owner_sensitive else self.machine_source

    @property
    def rated_by(self) -> str:
        """The same for people."""
        return str(RatedBy(self.rating_source).label)

    @property
    def rating_kind(self) -> str:
        """What kind of reason a moderator had for the rating, one of `ReasonKind`, or empty."""
        return self.moderator_kind if self.moderator_rating else ""

    def reason_told_to(self, viewer: User | AnonymousUser) -> str:
        """Why it is rated so, in the words of whoever rated it, as far as they are `viewer`'s.

        What a machine says is everybody's; what a moderator writes, `moderator_words_for`.
        """
        if self.moderator_rating:
            return self.moderator_words_for(viewer)
        return "" if self.owner_sensitive else self.machine_reason

    def moderator_words_for(self, viewer: User | AnonymousUser) -> str:
        """What a moderator wrote: for its owner and for moderators, who alone are spoken to."""
        if not self.moderator_reason:
            return ""
        told = viewer.pk == self.owner_id or is_moderator(viewer)
        return self.moderator_reason if told else ""

    @property
    def public_state(self) -> PublicState:
        if self.visibility != Visibility.PUBLIC:
            return PublicState.PRIVATE
        if self.held:
            return PublicState.REMOVED if self.held == Hold.MODERATOR else PublicState.HELD
        return PublicState.WAITING if self.rating == Rating.UNRATED else PublicState.PUBLIC

    def say_sensitive(self, *, sensitive: bool) -> None:
        """The owner's word: raise the rating, or take that back."""
        self._update(owner_sensitive=sensitive)

    def say_as_machine(self, found: MachineRating) -> bool:
        """A machine's word; False when the same was known."""
        return self._update(**found)

    def set_visibility(self, visibility: Visibility) -> None:
        """Say who can see it, from the next request on."""
        self._update(visibility=visibility)

    def _update(self, **columns: object) -> bool:
        """Write these, and read what follows from them."""
        rows = type(self)._default_manager.filter(pk=self.pk)
        changed = rows.exclude(**columns).update(**columns)
        self.refresh_from_db(fields=[*columns, "rating", "listed"])
        return bool(changed)
