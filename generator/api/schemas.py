"""What tasks and catalogues look like, for the documentation; `dialects.native` writes them."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

from accounts.api.answers import Message
from gallery.api import AssetData

TaskStatus = Literal["queued", "in_progress", "failed", "succeeded"]


class Progress(Schema):
    step: int = Field(description="Steps done, over all pictures of the task.")
    steps: int


class Failure(Schema):
    code: str = Field(description="For programs; `cancelled` when somebody cancelled it.")
    message: str


class TaskPicture(Schema):
    id: str
    position: int = Field(description="0-based.")
    url: str


class TaskMeta(Schema):
    progress: Progress
    place: int | None = Field(description="Place in the queue, 1 is next; null once it left it.")
    count: int
    assets: list[TaskPicture]
    charged: int
    refunded: int
    wallet: int = Field(description="Which wallet paid: an id of `GET /v1/credits`.")
    project: str | None
    error: Failure | None
    note: str | None = Field(description="Why another model paints than was named, else null.")
    undelivered: list[str] = Field(
        description="What could not be sent to the address that the request named."
    )


class Task(Schema):
    """A request for pictures, and what became of it."""

    id: str
    status: TaskStatus
    type: Literal["text-to-image"]
    seed: int
    input: dict[str, str]
    output: dict[str, str] = Field(description="`image`, then `image2`, …: links that expire.")
    creditUsed: int = Field(description="What remains charged.")
    refunded: bool
    userId: int
    finishedAt: str | None
    createdAt: str | None
    asset: AssetData | None
    assetId: str | None
    meta: TaskMeta
    permissions: list[str]


class TaskPage(Schema):
    items: list[Task]
    nextCursor: str | None = Field(description="Pass it as `cursor`; null on the last page.")


class TooLate(Message):
    """The task had ended before; `task` is how."""

    task: Task


class TaskQuery(Schema):
    status: TaskStatus | None = None
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="`nextCursor` of a page.")


class WaitQuery(Schema):
    wait: int = Field(0, ge=0, le=60, description="Seconds to hold the answer for the end.")


class ModelDefaults(Schema):
    sampler: str
    steps: int
    guidanceScale: float


class ModelAbilities(Schema):
    """What it can do beyond a prompt."""

    initialImage: bool
    preprocessors: list[str] = Field(description="Of `controls`; empty: it takes none.")
    loras: list[str] | None = Field(description="The installed ones; null: only it knows.")
    clipSkip: bool
    promptWeighting: bool


class ModelInfo(Schema):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    name: str
    description: str
    price: int = Field(description="Credits for one 1024x1024 picture of 20 steps.")
    family: str = Field(description="What it shares LoRAs and sizes with, such as `sdxl`.")
    defaults: ModelDefaults = Field(description="What an omitted field means with this model.")
    sizes: str = Field(description="What it paints, in words.")
    abilities: ModelAbilities
    isDefault: bool


class ModelList(Schema):
    object: Literal["list"]
    data: list[ModelInfo]


class Named(Schema):
    id: str
    name: str


class NamedList(Schema):
    items: list[Named]


class RatioInfo(Named):
    width: int
    height: int


class RatioList(Schema):
    items: list[RatioInfo]
