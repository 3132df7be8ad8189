"""`manage.py models`: which models there are, what keeps some from working, and a first try."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generator.contract import ImageRequest
from generator.engines import BuyingEngine, Picture, Refusal, get_engine
from generator.models import EngineModel

#: Sides and steps of the picture that warming paints: small, and enough to load all weights.
SIDE, STEPS = 512, 2


class Command(BaseCommand):
    """Lists; `--check` fails when a model cannot work, `--warm` paints with one, uncharged."""

    help = "Lists the models; with --check exit 1 when one that is switched on cannot work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 if one cannot work")
        parser.add_argument(
            "--warm",
            metavar="SLUG",
            help="fetch what this model needs and paint a small picture that nobody keeps or pays",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["warm"]:
            self._warm(options["warm"])
            return
        rows = EngineModel.objects.order_by("-is_default", "name")
        broken = [row for row in rows if row.enabled and row.why_not]
        for row in rows:
            self.stdout.write(f"{row.slug}\t{row.engine}\t{_state(row)}")
        if broken and options["check"]:
            raise SystemExit(1)

    def _warm(self, slug: str) -> None:
        model = EngineModel.objects.filter(slug=slug).first()
        if model is None:
            raise CommandError(f"there is no model “{slug}”")
        if reason := model.why_not:
            raise CommandError(reason)
        engine = get_engine(model.engine)
        if isinstance(engine, BuyingEngine):
            raise CommandError("its pictures are bought: there is nothing to warm")
        request = ImageRequest(
            prompt="a red house", model=slug, width=SIDE, height=SIDE, steps=STEPS
        )
        for event in engine.generate([request]):
            if isinstance(event, Refusal):
                raise CommandError(event.reason)
            if isinstance(event, Picture):
                self.stdout.write(f"{slug} paints")


def _state(model: EngineModel) -> str:
    if reason := model.why_not:
        return reason
    return "works" if model.enabled else "is switched off"
