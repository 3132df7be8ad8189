"""Programs that call the API with somebody's key, as the tests see them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.models import User
from generator.models import EngineModel
from tests.factories import make_key

TASKS = "/v1/tasks/text-to-image"
SQUARE = "1:1 square 1024x1024"


class Program:
    """Calls the API with a key of `user`; every method gives the answer back."""

    def __init__(self, user: User, scopes: list[str] | None = None) -> None:
        self.user = user
        self.key, self.headers = make_key(user, scopes=scopes)

    @property
    def client(self) -> Client:
        """A new one each time, since clients are not to be shared between threads."""
        return Client(headers=self.headers)

    def submit(self, headers: dict[str, str] | None = None, **changes: Any) -> Any:
        return self.post(TASKS, body(**changes), headers)

    def post(self, path: str, data: Any = None, headers: dict[str, str] | None = None) -> Any:
        return self.client.post(
            path, {} if data is None else data, "application/json", headers=headers or {}
        )

    def patch(self, path: str, data: Any) -> Any:
        return self.client.patch(path, data, "application/json")

    def get(self, path: str, headers: dict[str, str] | None = None) -> Any:
        return self.client.get(path, headers=headers or {})

    def delete(self, path: str) -> Any:
        return self.client.delete(path)

    def balance(self) -> int:
        remaining: int = self.get("/v1/billing").json()["remaining"]
        return remaining


def body(**changes: Any) -> dict[str, Any]:
    """The smallest documented body for the blank engine; a field of None is left out."""
    whole = {"prompt": "a red house", "ratio": SQUARE, "model": "blank", **changes}
    return {name: value for name, value in whole.items() if value is not None}


def offer_blank(price: int = 1) -> EngineModel:
    """The blank engine's model, at `price` credits a picture."""
    return EngineModel.objects.create(slug="blank", name="Blank", engine="blank", price=price)
