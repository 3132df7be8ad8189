"""What a fault test does inside the installation it tests: `python -m tests.faults.play VERB …`."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db.models import Count  # noqa: E402

from accounts.models import User  # noqa: E402
from generator.models import Generation  # noqa: E402
from generator.submission import Order, submit  # noqa: E402
from tests.generator.orders import make_model, make_person, make_request  # noqa: E402


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


def spent() -> None:
    """Print what all people together were charged in the end, and the pictures they have."""
    balances = sum(User.objects.values_list("wallet__balance", flat=True))
    delivered = sum(Generation.objects.values_list("delivered", flat=True))
    print(json.dumps({"spent": 40_000 - balances, "delivered": delivered}))


if __name__ == "__main__":
    {"fill": fill, "state": state, "spent": spent}[sys.argv[1]](*sys.argv[2:])
