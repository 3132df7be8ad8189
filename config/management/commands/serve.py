"""`manage.py serve`: web, worker and scheduler together, until Ctrl-C."""

from __future__ import annotations

import signal
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from accounts.first_account import create_first_account
from config import programs, static_files, supervisor
from gallery import signing
from generator.models import EngineModel


class Command(BaseCommand):
    """Runs all of Limner, or with `--only` the parts that this machine is for."""

    help = "Run web, worker and scheduler until Ctrl-C."
    # All of them would delay the first page; this one tells what no setting tells by itself.
    requires_system_checks = (signing.CHECKED,)

    def add_arguments(self, parser: CommandParser) -> None:
        """`--only` for machines of one kind, `--prepare` for `make run`."""
        parser.add_argument(
            "--only",
            action="append",
            choices=programs.NAMES,
            metavar="PROGRAM",
            help=f"run this part alone; may be repeated ({', '.join(programs.NAMES)})",
        )
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="bring the database up to date first",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, say where we are, and supervise."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's `&` leaves it ignored
        names = options["only"] or programs.NAMES
        listener = programs.listen(settings.HOST, settings.PORT) if "web" in names else None
        try:
            self._ready_the_database(prepare=options["prepare"])
        except OperationalError as error:
            reason = str(error).partition("\n")[0]
            raise CommandError(f"the database does not answer: {reason}") from None
        if listener:
            static_files.collect()
        self._welcome(names)
        connections.close_all()
        supervisor.run(programs.children(names, listener))

    def _ready_the_database(self, *, prepare: bool) -> None:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return  # `migrate` would find out too, and take a second for it
        if not prepare:
            raise CommandError("the database is not up to date: run `manage.py migrate` first")
        call_command("migrate", verbosity=0, interactive=False)

    def _welcome(self, names: list[str] | tuple[str, ...]) -> None:
        lines = ["", f"  Limner ({', '.join(names)})"]
        if "web" in names:
            lines = ["", f"  Limner is at {settings.BASE_URL}", *_how_to_sign_in()]
        lines += what_cannot_work()
        self.stdout.write("\n".join([*lines, "", "  Ctrl-C stops it.", ""]))
        self.stdout.flush()


def what_cannot_work() -> list[str]:
    """A line for each model that is switched on and lacks a package, weights or a key."""
    reasons = {row.slug: row.why_not for row in EngineModel.objects.filter(enabled=True)}
    return [f"  “{slug}” is not offered: {reason}" for slug, reason in reasons.items() if reason]


def _how_to_sign_in() -> list[str]:
    account = create_first_account()
    if account is None:
        return ["  Sign in with your account; `manage.py create_account EMAIL` makes another."]
    return [
        "",
        "  Sign in as:    " + account.email,
        "  with password: " + account.password + "    (shown this once)",
    ]
