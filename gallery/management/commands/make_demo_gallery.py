"""A gallery of any size, for load tests and for looking around."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from gallery import demo


class Command(BaseCommand):
    """`make_demo_gallery --assets 100000 --users 1000 --teams 50 --seed 1 [--owner EMAIL]`."""

    help = (
        "Make N pictures of N people: rows in bulk, and a few drawn picture files that they "
        "share, and N teams in whose galleries some of them hang. The same seed makes the same "
        "gallery."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--assets", type=int, required=True, metavar="N")
        parser.add_argument("--users", type=int, required=True, metavar="N")
        parser.add_argument("--teams", type=int, default=0, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument("--owner", default="", metavar="EMAIL", help="gets 80 %% of them")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = demo.Plan(
            assets=options["assets"],
            users=options["users"],
            seed=options["seed"],
            teams=options["teams"],
            owner=self._owner(options["owner"]),
        )
        if plan.assets < 0 or plan.users < 1 or plan.teams < 0:
            raise CommandError("--assets and --teams are 0 or more, --users is 1 or more.")
        started = time.monotonic()
        try:
            made = demo.make(plan)
        except demo.MadeBefore as error:
            raise CommandError(str(error)) from None
        seconds = time.monotonic() - started
        told = f"{made} pictures of {plan.users} people and {plan.teams} teams"
        self.stdout.write(f"{told} in {seconds:.1f} s")

    def _owner(self, email: str) -> User | None:
        if not email:
            return None
        owner = User.objects.filter(email__iexact=email).first()
        if owner is None:
            raise CommandError(f"nobody has the address {email}")
        return owner
