"""`manage.py models`: which models there are, what keeps some from working, and a first try."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generator.choosing import Choice
from generator.contract import ImageRequest
from generator.engines import BuyingEngine, Picture, Refusal, get_engine
from generator.models import EngineModel

#: Sides and steps of the picture that warming paints: small, and enough to load all weights.
SIDE, STEPS = 512, 2
COLUMNS = ("model", "engine", "family", "price", "for", "last worked", "state")


class Command(BaseCommand):
    """Lists; `--check` fails when a model cannot work, `--warm` paints with one, uncharged."""

    help = "Lists the models; with --check exit 1 when one that is switched on cannot work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 if one cannot work")
        parser.add_argument(
            "--warm",
            metavar="ID",
            help="fetch what this model needs and paint a small picture that nobody keeps or pays",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["warm"]:
            self._warm(options["warm"])
            return
        rows = EngineModel.objects.order_by("-is_default", "-enabled", "name")
        table = [COLUMNS, *(_line(row) for row in rows)]
        widths = [max(len(line[n]) for line in table) for n in range(len(COLUMNS))]
        for line in table:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
        if options["check"] and any(row.enabled and row.why_not for row in rows):
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
        for event in engine.generate([_small_request(model)]):
            if isinstance(event, Refusal):
                raise CommandError(event.reason)
            if isinstance(event, Picture):
                EngineModel.objects.filter(pk=model.pk).note_success()
                self.stdout.write(f"{slug} paints")


def _small_request(model: EngineModel) -> ImageRequest:
    """As small as the model goes, in few steps, with its own sampler."""
    width, height = model.sides.smallest(SIDE)
    plain = ImageRequest(prompt="a red house", width=width, height=height, steps=STEPS)
    return Choice(model).complete(plain, {"sampler", "guidance_scale"})


def _line(model: EngineModel) -> tuple[str, ...]:
    worked = model.worked_at
    return (
        *(model.slug, model.engine, model.family, str(model.price), model.audience),
        f"{worked:%Y-%m-%d %H:%M}" if worked else "-",
        _state(model),
    )


def _state(model: EngineModel) -> str:
    """What the operator must know, with the last failure where it is the newest news."""
    reason = model.why_not
    if not model.enabled:
        return f"is switched off; it lacks: {reason}" if reason else "is switched off"
    if reason:
        return reason
    failed, worked = model.failed_at, model.worked_at
    if failed and (worked is None or failed > worked):
        return f"failed last time: {model.last_error}"
    return "works"
