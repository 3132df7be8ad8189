"""What a fault test does inside the installation it tests: `python -m tests.faults.play VERB …`.

Without a verb it reads one after the other, each a line of JSON, and answers each in one line.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import sys
import time
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import erasure, exports  # noqa: E402
from accounts.models import DataExport, Erasure, User  # noqa: E402
from gallery import keeping  # noqa: E402
from gallery.models import Asset  # noqa: E402
from generator.models import (  # noqa: E402
    EngineModel,
    Generation,
    WebhookDelivery,
    WebhookEvent,
)
from generator.submission import Order, submit  # noqa: E402
from generator.webhooks import couriers, managing  # noqa: E402
from tests.factories import keep, make_picture  # noqa: E402
from tests.generator.orders import make_model, make_person, make_request  # noqa: E402
from tests.waiting import until  # noqa: E402


def fill(count: str, words: str, every_tenth: str) -> None:
    """Queue `count` orders of four people; each tenth has another prompt."""
    make_model("scripted")
    people = [make_person(credits=10_000) for _ in range(4)]
    for number in range(int(count)):
        prompt = every_tenth if number % 10 == 9 else words
        request = make_request(prompt, model="scripted", count=1 + number % 2, seed=number)
        submit(Order(owner=people[number % 4], request=request))


def state() -> None:
    """Print how many generations there are in each status, and the highest attempt."""
    rows = Generation.objects.order_by().values_list("status").annotate(n=Count("pk"))
    attempts = Generation.objects.order_by("-attempt").values_list("attempt", flat=True).first()
    print(json.dumps({**dict(rows), "attempts": attempts}))


def until_running() -> None:
    """Print `true` as soon as a generation is being painted, however short that is."""
    print(json.dumps(until(Generation.objects.filter(status="running").exists, 100)))


def spent() -> None:
    """Print what all people together were charged in the end, and the pictures they have."""
    balances = sum(User.objects.values_list("wallet__balance", flat=True))
    delivered = sum(Generation.objects.values_list("delivered", flat=True))
    print(json.dumps({"spent": 40_000 - balances, "delivered": delivered}))


def offer(engine: str) -> None:
    """Offer a free model of one of the test engines."""
    make_model(engine, price=0)


def buy(options: str, count: str) -> None:
    """Queue one order of `count` pictures from a provider, whose model has `options` (JSON)."""
    EngineModel.objects.create(
        slug="theirs", name="Theirs", engine="remote", price=1, options=json.loads(options)
    )
    request = make_request("a red house", model="theirs", count=int(count))
    submit(Order(owner=make_person(credits=40_000), request=request))


def bare(rounds: str, owner: str, side: str, report: str) -> None:
    """Send the baseline task of the benchmarks, each when the one before it is done."""
    from config.celery import app

    for number in range(int(rounds)):
        arguments = [int(owner), time.time(), int(side), report]
        app.send_task("tests.bench.tasks.keep_blank", args=arguments, queue="blank")
        while _lines(report) <= number:
            time.sleep(0.01)


def _lines(report: str) -> int:
    path = Path(report)
    return len(path.read_text().splitlines()) if path.exists() else 0


def durations(rounds: str) -> None:
    """Print submit-to-done of the first finished generations after the warm-up, in ms."""
    done = Generation.objects.filter(status="succeeded").order_by("created_at")
    rows = done.values_list("created_at", "finished_at")[5 : 5 + int(rounds)]
    print(json.dumps([(end - begin).total_seconds() * 1000 for begin, end in rows]))


def pictures() -> None:
    """Print which pictures there are, by source."""
    print(json.dumps(sorted(Asset.objects.values_list("source", flat=True))))


def settle_down(pictures: str) -> None:
    """Make somebody with so many pictures, who wants a copy of them and then to be gone."""
    somebody = make_person()
    first = keep(make_picture(somebody, prompt="a secret"))
    for _ in range(int(pictures) - 1):
        keep(make_picture(somebody, prompt="a secret"))
    exports.ask(somebody)
    print(json.dumps([somebody.pk, first.file]))


def copy(owner: str) -> None:
    """Make the copy that `owner` asked for, whatever became of the worker before."""
    DataExport.objects.update(held_until=None, tries=0)
    print("begun", flush=True)
    exports.make_all()


def leave(owner: str) -> None:
    """Delete the account of `owner`, some time ago, and erase what is left."""
    person = User.objects.get(pk=int(owner))
    erasure.begin(person, by=person)
    Erasure.objects.update(asked_at=timezone.now() - 2 * erasure.GRACE)
    print("begun", flush=True)
    erasure.go_on_all()


def remains() -> None:
    """Print how far copy and erasure are, and what is left."""
    print(
        json.dumps(
            {
                "copied": DataExport.objects.exclude(ready_at=None).count(),
                "erased": Erasure.objects.exclude(finished_at=None).count(),
                "pictures": Asset.objects.count(),
            }
        )
    )


def sweep_orphans() -> None:
    """Delete bytes that no row names, however young; print how many."""
    print(json.dumps(keeping.remove_orphans(dt.timedelta(0))))


def announce(count: str, url: str) -> None:
    """End so many jobs of somebody whose webhook is at `url`; print the secret and the messages."""
    somebody = make_person(credits=10_000)
    webhook, secret = managing.add(somebody, url, WebhookEvent.values)
    make_model()
    for number in range(int(count)):
        submit(Order(owner=somebody, request=make_request(seed=number))).cancel()
    print(json.dumps([secret, [each.message_id for each in webhook.deliveries.all()]]))


def carry() -> None:
    """Deliver what is due, as the courier after one that died long ago."""
    claimed = WebhookDelivery.objects.filter(lease_token__isnull=False)
    claimed.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    while couriers.deliver_next():
        pass


def messages() -> None:
    """Print how many messages there are in each state."""
    rows = WebhookDelivery.objects.order_by().values_list("state").annotate(n=Count("pk"))
    print(json.dumps(dict(rows)))


def create_account(email: str, *options: str) -> None:
    """Make an account as `manage.py create_account` does."""
    call_command("create_account", email, *options, "--json")


def prompt() -> None:
    """Play what standard input asks for, until it ends."""
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            VERBS[verb](*arguments)
        # A server that stops waits for those who are connected.
        connections.close_all()
        print(json.dumps(json.loads(said.getvalue() or "null")), flush=True)


VERBS = {
    verb.__name__: verb
    for verb in (
        *(announce, carry, messages),
        *(bare, buy, copy, create_account, durations, fill, leave, offer, pictures, remains),
        *(settle_down, spent, state, sweep_orphans, until_running),
    )
}

if __name__ == "__main__":
    if len(sys.argv) == 1:
        prompt()
    else:
        VERBS[sys.argv[1]](*sys.argv[2:])
