"""People."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.wallet import Wallet
from accounts.staff_rights import StaffRole

MEGABYTE = 1024 * 1024


class Theme(models.TextChoices):
    SYSTEM = "system", _("Like my device")
    DARK = "dark", _("Dark")
    LIGHT = "light", _("Light")


class SensitivePictures(models.TextChoices):
    """What becomes of pictures that are rated sensitive."""

    BLUR = "blur", _("Blur them until I press")
    HIDE = "hide", _("Leave them out")
    SHOW = "show", _("Show them")


class UserManager(BaseUserManager["User"]):
    def create_user(
        self,
        email: str,
        password: str | None = None,
        *,
        name: str = "",
        staff_role: StaffRole = StaffRole.NONE,
        credits: int | None = None,
    ) -> User:
        """Save a person with an open wallet that holds `credits` (default: STARTING_CREDITS)."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_staff_role(staff_role)
        user.set_password(password)
        user.save_with_wallet(credits)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> User:
        return self.create_user(email, password, staff_role=StaffRole.ADMIN, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail; `id` is an integer, as the native API promises."""

    email = models.EmailField(_("e-mail"), unique=True)
    # What others see; falls back on the part of the address before the @.
    name = models.CharField(_("name"), max_length=80, blank=True)
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    sensitive_pictures = models.CharField(
        max_length=4, choices=SensitivePictures, default=SensitivePictures.BLUR
    )
    # Whether to write to them as well of what they are told here, and whether there is news.
    mail_notices = models.BooleanField(default=True)
    has_notices = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(default=True)
    # Why an account was closed, and when; `is_active` is what closes it.
    suspended_at = models.DateTimeField(null=True, editable=False)
    suspended_reason = models.CharField(max_length=200, blank=True, editable=False)
    # Only `set_staff_role` writes these three (the third is Django's is_superuser).
    staff_role = models.CharField(
        _("staff role"), max_length=10, choices=StaffRole, default=StaffRole.NONE, blank=True
    )
    is_staff = models.BooleanField(default=False, editable=False)
    # Megabytes of pictures, waiting and running jobs; null is what the settings say, 0 none at all.
    storage_limit = models.PositiveIntegerField(null=True, blank=True)
    queue_limit = models.PositiveIntegerField(null=True, blank=True)
    running_limit = models.PositiveIntegerField(null=True, blank=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_case"),
            models.CheckConstraint(
                condition=Q(staff_role=StaffRole.NONE, is_staff=False, is_superuser=False)
                | Q(staff_role=StaffRole.ADMIN, is_staff=True, is_superuser=True)
                | Q(
                    staff_role__in=(StaffRole.SUPPORT, StaffRole.FINANCE, StaffRole.MODERATOR),
                    is_staff=True,
                    is_superuser=False,
                ),
                name="user_staff_flags_follow_the_role",
            ),
        )

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name or self.email.partition("@")[0]

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def most_queued(self) -> int:
        """How many jobs may wait at once."""
        return settings.MAX_QUEUED_PER_USER if self.queue_limit is None else self.queue_limit

    @property
    def most_running(self) -> int:
        """How many jobs may run at once."""
        return settings.MAX_RUNNING_PER_USER if self.running_limit is None else self.running_limit

    @property
    def most_bytes(self) -> int | None:
        """How much their pictures may take; None: as much as there is."""
        if self.storage_limit is None:
            return settings.MAX_STORAGE_PER_USER * MEGABYTE or None
        return self.storage_limit * MEGABYTE

    def set_staff_role(self, role: StaffRole) -> None:
        """Be this among the staff, with the flags that Django goes by; not saved yet."""
        self.staff_role = role
        self.is_staff = role != StaffRole.NONE
        self.is_superuser = role == StaffRole.ADMIN

    @transaction.atomic
    def save_with_wallet(self, credits: int | None = None) -> None:
        """Save a new person and open the wallet, with what everybody starts with."""
        self.save()
        wallet = Wallet.objects.create(owner=self)
        starting = settings.STARTING_CREDITS if credits is None else credits
        if starting:
            wallet.grant(starting, reference=f"start:{self.pk}", reason=str(_("Welcome")))
