"""Which engine serves which model, for whom and for how much: data, edited in the admin."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.rights import TeamRight
from generator import addresses, availability
from generator.catalog import samplers
from generator.contract import (
    MAX_GUIDANCE,
    MAX_SIDE,
    MAX_STEPS,
    MIN_SIDE,
    ImageRequest,
    InvalidRequest,
)
from generator.models.clock import moment_in
from generator.sides import Sides, read_sizes

#: Health is written at most this often, in seconds.
HEALTH_INTERVAL = 60


class Family(models.TextChoices):
    """Models of one family share sizes, LoRAs and ControlNets."""

    SKETCH = "sketch", _("Sketch")
    SD1 = "sd1", "SD 1.x"
    SD2 = "sd2", "SD 2.x"
    SDXL = "sdxl", "SDXL"
    SD3 = "sd3", "SD 3"
    FLUX = "flux", "Flux"
    OTHER = "other", _("Other")


class Audience(models.TextChoices):
    EVERYONE = "everyone", _("Everyone")
    STAFF = "staff", _("Staff only")
    TEAMS = "teams", _("Makers of certain teams, and staff")


class EngineModelQuerySet(models.QuerySet["EngineModel"]):
    def offered_to(self, user: User | AnonymousUser) -> Self:
        """The models `user` may choose because they work now, the default first."""
        return self.for_audience(user).working().order_by("-is_default", "name")

    def for_audience(self, user: User | AnonymousUser) -> Self:
        """Those that `user` may use, working or not. The only place that says who may."""
        allowed = Q(audience=Audience.EVERYONE)
        if user.is_authenticated:
            allowed |= Q(audience=Audience.TEAMS, pk__in=_given_to_teams_of(user))
            allowed |= Q(audience__in=[Audience.STAFF, Audience.TEAMS] if user.is_staff else [])
        return self.filter(allowed)

    def working(self) -> Self:
        """Switched on, and lacking nothing on this installation."""
        enabled = self.filter(enabled=True)
        needed = ("engine", "address", "family", "options", "sizes")
        broken = [row.pk for row in enabled.only(*needed) if row.why_not]
        return enabled.exclude(pk__in=broken)

    def note_success(self) -> int:
        """Say that these worked just now, unless that was said within the last minute."""
        old = Q(worked_at=None) | Q(worked_at__lt=moment_in(-HEALTH_INTERVAL))
        return self.filter(old).update(worked_at=Now())

    def note_failure(self, reason: str) -> int:
        """Keep why these failed just now, unless another reason is less than a minute old."""
        old = Q(failed_at=None) | Q(failed_at__lt=moment_in(-HEALTH_INTERVAL))
        return self.filter(old).update(failed_at=Now(), last_error=reason[:300])


def _given_to_teams_of(user: User) -> models.QuerySet[Any]:
    """Whoever may spend a team's credits paints with its models; viewers only look."""
    teams = Team.objects.of(user, TeamRight.SPEND)
    return EngineModel.teams.through.objects.filter(team__in=teams).values("enginemodel")


_side = [MinValueValidator(MIN_SIDE), MaxValueValidator(MAX_SIDE)]


class EngineModel(models.Model):
    """A model people can choose. `slug` is what `ImageRequest.model` says."""

    slug = models.CharField(
        max_length=80,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_.-]*\Z", _("Letters, digits, . _ -"))],
    )
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    # A key of settings.ENGINES; also the name of the Celery queue.
    engine = models.CharField(max_length=40)
    # What to load or call; empty where the engine needs none, or the provider has its own.
    address = models.CharField(max_length=400, blank=True)
    family = models.CharField(max_length=10, choices=Family, default=Family.OTHER)
    # What else that engine alone must know: variant, revision; provider, its model, key_env.
    options = models.JSONField(default=dict, blank=True)

    # Used where a request is silent; null or empty: 20 steps, guidance 7, the model's own sampler.
    default_sampler = models.CharField(max_length=40, blank=True)
    default_steps = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MAX_STEPS)]
    )
    default_guidance = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(MAX_GUIDANCE)]
    )

    # A list replaces the other three. In pixels; null is as wide as the contract allows.
    sizes = models.CharField(max_length=400, blank=True)
    min_side = models.PositiveSmallIntegerField(null=True, blank=True, validators=_side)
    max_side = models.PositiveSmallIntegerField(null=True, blank=True, validators=_side)
    side_step = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MAX_SIDE)]
    )

    # Credits for one 1024x1024 picture of 20 steps; 0 is free.
    price = models.PositiveIntegerField(default=1)
    # What one picture costs us, in millionths of settings.PROVIDER_CURRENCY; 0 where nothing.
    provider_cost = models.PositiveBigIntegerField(default=0)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.EVERYONE)
    teams = models.ManyToManyField(Team, blank=True, related_name="+")
    enabled = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)

    # Health, as workers last saw it.
    worked_at = models.DateTimeField(null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)

    objects = EngineModelQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="engine_model_one_default",
            ),
            models.CheckConstraint(
                condition=Q(family__in=Family.values), name="engine_model_family_known"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="engine_model_audience_known"
            ),
            models.CheckConstraint(
                condition=Q(min_side=None)
                | Q(max_side=None)
                | Q(min_side__lte=models.F("max_side")),
                name="engine_model_sides_in_order",
                violation_error_message=_("The smallest side is larger than the largest."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def engine_options(self) -> Any:
        """What the engine is told of this model; a mapping, unless `options` hold nonsense."""
        return addresses.told(self.engine, self.address, self.family, self.options)

    @property
    def why_not(self) -> str:
        """One line about what must be set before this works here, "" if nothing."""
        try:
            read_sizes(self.sizes)
        except ValueError as error:
            return str(error)
        return availability.why_not(self.engine, self.engine_options)

    @property
    def defaults(self) -> dict[str, Any]:
        """What a request means where it is silent, by the contract's names."""
        own = {
            "sampler": self.default_sampler or None,
            "steps": self.default_steps,
            "guidance_scale": self.default_guidance,
        }
        usual = {field.name: field.default for field in fields(ImageRequest)}
        return {n: usual[n] if value is None else value for n, value in own.items()}

    @property
    def sides(self) -> Sides:
        """The sizes it paints."""
        usual = Sides()
        return Sides(
            low=self.min_side or usual.low,
            high=self.max_side or usual.high,
            step=self.side_step or usual.step,
            listed=read_sizes(self.sizes),
        )

    @property
    def has_limits(self) -> bool:
        """Whether it paints fewer sizes than a request may have."""
        return self.sides != Sides()

    def clean(self) -> None:
        """What does not work yet can be saved only while it is switched off."""
        self._check_sizes()
        self._check_sampler()
        if self.enabled and self.why_not:
            raise ValidationError(self.why_not)

    def _check_sizes(self) -> None:
        try:
            sides = self.sides
        except ValueError as error:
            raise ValidationError({"sizes": str(error)}) from None
        if not sides.listed and sides.high // sides.step * sides.step < sides.low:
            raise ValidationError({"side_step": _("No side fits: no multiple lies between them.")})

    def _check_sampler(self) -> None:
        if not self.default_sampler:
            return
        try:
            sampler = samplers.by_slug(self.default_sampler)
        except InvalidRequest as error:
            raise ValidationError({"default_sampler": error.errors["sampler"]}) from None
        if reason := availability.sampler_problem(self.engine, self.engine_options, sampler.slug):
            raise ValidationError({"default_sampler": reason})
