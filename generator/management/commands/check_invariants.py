"""`manage.py check_invariants`: prove that no fault broke what must always hold."""

from __future__ import annotations

import itertools
from typing import Any

from django.core.management.base import BaseCommand

import accounts.invariants
import gallery.invariants
import generator.invariants


class Command(BaseCommand):
    help = "Checks ledger, generations and stored bytes; exit 1 with one line per breach."

    def handle(self, *args: Any, **options: Any) -> None:
        breaches = list(
            itertools.chain(
                accounts.invariants.breaches(),
                generator.invariants.breaches(),
                gallery.invariants.breaches(),
            )
        )
        for breach in breaches:
            self.stdout.write(breach)
        if breaches:
            raise SystemExit(1)
        self.stderr.write("all invariants hold")
