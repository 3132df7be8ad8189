"""`manage.py create_account EMAIL`: an account, its password and an API key."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import IntegrityError, OperationalError, ProgrammingError

from accounts import addresses
from accounts.first_account import new_password
from accounts.models import ApiKey, Scope, StaffRole, User


class Command(BaseCommand):
    help = "Makes an account; prints its id, e-mail address, password and an API key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="what others see")
        parser.add_argument("--credits", type=int, help="instead of STARTING_CREDITS")
        parser.add_argument("--staff", action="store_true", help="may use the administration")
        parser.add_argument("--json", action="store_true", help="one line of JSON, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        _check(options["email"], options["name"], options["credits"])
        password = new_password()
        try:
            user, token = _create(options, password)
        except IntegrityError:
            raise CommandError(f"{options['email']} has an account already") from None
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"{error}: run `manage.py migrate` first") from None
        made = {"id": user.pk, "email": user.email, "password": password, "apiKey": token}
        if options["json"]:
            self.stdout.write(json.dumps(made))
        else:
            for name, value in made.items():
                self.stdout.write(f"{name:9} {value}")


def _check(email: str, name: str, credits: int | None) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email!r} is not an e-mail address") from None
    if len(name) > 80:
        raise CommandError("a name has at most 80 characters")
    if credits is not None and not 0 <= credits <= 10**9:
        raise CommandError("credits are a whole number from 0 to 1000000000")


def _create(options: dict[str, Any], password: str) -> tuple[User, str]:
    user = User.objects.create_user(
        options["email"],
        password,
        name=options["name"],
        staff_role=StaffRole.ADMIN if options["staff"] else StaffRole.NONE,
        credits=options["credits"],
    )
    addresses.vouch(user)
    _, token = ApiKey.issue(user, "create_account", Scope.values if options["staff"] else None)
    return user, token
