"""`make bench-gpu`: pictures per second of the diffusion engine beside bare diffusers.

Full-size Stable Diffusion 1.5 and XL with random weights (speed does not depend on
them), each request by a person of its own, from the database through the worker to
stored pictures. Without a GPU the same runs with tiny models, to show that the
benchmark works, and says that it measured nothing.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: Threads of the worker: one stores while the other paints, as `config.programs` runs it.
THREADS = 2


@dataclass(frozen=True)
class Trial:
    """One model at one size; `batch` pictures per pass and `rounds` passes."""

    slug: str
    title: str
    side: int
    steps: int
    batch: int
    rounds: int = 6

    @property
    def pictures(self) -> int:
        return self.batch * self.rounds


GPU = (
    Trial("sd", "SD 1.5, 512 px, 20 steps", 512, 20, 16),
    Trial("sdxl", "SDXL, 1024 px, 20 steps", 1024, 20, 8, rounds=4),
)
CPU = (
    Trial("sd", "tiny SD, 256 px, 2 steps", 256, 2, 4, rounds=2),
    Trial("sdxl", "tiny SDXL, 256 px, 2 steps", 256, 2, 4, rounds=1),
)
NO_FIGURE = (
    "There is no CUDA device here: these were tiny models on a CPU, to show that the benchmark "
    "runs. No figure was taken."
)


def main(names: list[str]) -> None:
    """Print a table; `names` choose among sd and sdxl."""
    if find_spec("torch") is None or find_spec("diffusers") is None:
        sys.exit("make bench-gpu: the packages are missing: make diffusion")
    with tempfile.TemporaryDirectory(prefix="limner-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": folder,
            "DATABASE_URL": "",
            "STORAGE_URL": "",
            "CELERY_BROKER_URL": "",
            "DIFFUSION_BATCH": "64",
            "MIN_FREE_DISK_PERCENT": "0",
        }
        import django

        django.setup()
        print(run(Path(folder), names), flush=True)


def run(folder: Path, names: list[str]) -> str:
    """The figures as Markdown, or what keeps them from being figures."""
    import torch
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    real = torch.cuda.is_available()
    trials = [trial for trial in (GPU if real else CPU) if trial.slug in (names or trial.slug)]
    device = torch.cuda.get_device_name() if real else "CPU"
    lines = [f"### The diffusion engine on {device}", ""]
    lines += ["| | pictures/s | of one by one | of bare diffusers |", "|---|---|---|---|"]
    for trial in trials:
        lines += _rows(trial, folder / "models", real=real)
    return "\n".join([*lines, "", *([] if real else [NO_FIGURE])])


def _rows(trial: Trial, models: Path, *, real: bool) -> list[str]:
    _save(trial, models / trial.slug, real=real)
    offer(trial.slug)
    alone = _worker_speed(trial, batch=1)
    together = _worker_speed(trial, batch=trial.batch)
    bare = _bare_speed(trial)
    rows = {
        "one by one through the worker": alone,
        f"in passes of up to {trial.batch} through the worker": together,
        f"bare diffusers, {trial.batch} at once": bare,
    }
    return [
        f"| {trial.title}: {name} | {speed:.2f} | {speed / alone:.2f} | {speed / bare:.2f} |"
        for name, speed in rows.items()
    ]


def _save(trial: Trial, folder: Path, *, real: bool) -> None:
    from tests.generator.diffusion import tiny

    if real:
        from tests.bench import full_size

        {"sd": full_size.save_sd, "sdxl": full_size.save_sdxl}[trial.slug](folder)
    else:
        tiny.SAVERS[trial.slug](folder)


def offer(slug: str) -> None:
    """A row for the model, free of charge."""
    from generator.models import EngineModel

    EngineModel.objects.create(
        slug=slug, name=slug, engine="diffusion", price=0, options={"path": slug}
    )


def _engine() -> Any:
    from generator.engines import get_engine

    return get_engine("diffusion")


def _worker_speed(trial: Trial, *, batch: int) -> float:
    engine = _engine()
    engine.batch = engine.painter.ceilings.most = batch
    _submit(trial, batch)
    _work()  # loads the model, and chooses its kernels for this size of batch
    _submit(trial, trial.pictures)
    return trial.pictures / timed(_work_in_threads)


def _submit(trial: Trial, count: int) -> None:
    from generator import submission
    from generator.contract import ImageRequest
    from tests.generator.orders import make_person

    for number in range(count):
        request = ImageRequest(
            prompt=f"a house with {number} windows",
            negative_prompt="fog",
            model=trial.slug,
            sampler="euler",
            width=trial.side,
            height=trial.side,
            steps=trial.steps,
            seed=number,
        )
        submission.submit(submission.Order(owner=make_person(), request=request))


def _work() -> None:
    from generator import execution

    while execution.work("diffusion"):
        pass


def _work_in_threads() -> None:
    from django.db import connection

    def work() -> None:
        try:
            _work()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _check_all_done()


def _check_all_done() -> None:
    """A benchmark of failures would be fast."""
    from generator.models import Generation, Status

    left = Generation.objects.exclude(status=Status.SUCCEEDED)
    if wrong := left.first():
        raise RuntimeError(f"{left.count()} generations did not succeed: {wrong.error}")


def _bare_speed(trial: Trial) -> float:
    import torch
    from diffusers import EulerDiscreteScheduler

    pipe = _engine().painter.shelf.get(trial.slug, {"path": trial.slug}).base
    pipe.scheduler = EulerDiscreteScheduler.from_config(pipe.scheduler.config)
    prompts = [f"a house with {number} windows" for number in range(trial.batch)]

    def one_pass() -> None:
        pipe(
            prompt=prompts,
            negative_prompt=["fog"] * trial.batch,
            width=trial.side,
            height=trial.side,
            num_inference_steps=trial.steps,
            guidance_scale=7.0,
            generator=[torch.Generator().manual_seed(n) for n in range(trial.batch)],
        )

    one_pass()
    return trial.pictures / timed(lambda: [one_pass() for _ in range(trial.rounds)])


def timed(action: Callable[[], object]) -> float:
    """Seconds that `action` takes; pipelines end with pictures, so no GPU work is left over."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(sys.argv[1:])
