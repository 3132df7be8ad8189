"""What a PicFinder message asks for, by its `taskType`.

Source: PicFinder, Text to image, "Task types". The text says 1 to 6, the table
goes to 11; 1, 2, 3, 9 and 10 arrive as `newTask`, the others have messages of
their own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from generator.catalog.lookup import find


@dataclass(frozen=True)
class TaskType:
    """One kind of work. `inputs` are the `ImageRequest` fields it cannot do without.

    `paints` is true where the result is a new picture painted from a prompt.
    """

    picfinder_id: int
    name: str
    paints: bool = False
    inputs: tuple[str, ...] = ()


TASK_TYPES = (
    TaskType(1, "Text to Image", paints=True),
    TaskType(2, "Image to Image", paints=True, inputs=("initial_image",)),
    TaskType(3, "Inpainting", paints=True, inputs=("initial_image", "mask")),
    TaskType(4, "Image to Text"),
    TaskType(5, "Prompt Enhancer"),
    TaskType(6, "Image Upscale"),
    TaskType(7, "Image Upload"),
    TaskType(8, "Remove Background"),
    TaskType(9, "ControlNet Text to Image", paints=True, inputs=("controls",)),
    TaskType(10, "ControlNet Image to Image", paints=True, inputs=("initial_image", "controls")),
    TaskType(11, "ControlNet preprocess image"),
)

#: The fields of an `ImageRequest` that some kind cannot do without.
INPUTS = ("initial_image", "mask", "controls")

_BY_PICFINDER = {task_type.picfinder_id: task_type for task_type in TASK_TYPES}


def by_picfinder_id(number: object) -> TaskType:
    """PicFinder's `taskType`, 1..11; raises `InvalidRequest` on it."""
    return find(_BY_PICFINDER, number, field="taskType")


def for_inputs(given: Collection[str]) -> TaskType:
    """The kind of painting that uses most of `given`, fields of an `ImageRequest`."""
    fitting = [each for each in TASK_TYPES if each.paints and set(each.inputs) <= set(given)]
    return max(fitting, key=lambda each: len(each.inputs))
