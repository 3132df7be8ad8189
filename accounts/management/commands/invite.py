"""`manage.py invite EMAIL`: a link to sign up with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import invitations
from accounts.models import Invitation, User


class Command(BaseCommand):
    help = "Invites somebody to sign up; prints the link, which works once and for two weeks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address") from None
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} has an account already")
        if settings.SIGN_UP == "off":
            raise CommandError("SIGN_UP is off: set it to invitation first")
        _, token = Invitation.issue(email)
        self.stdout.write(invitations.link(token))
