"""ComfyUI's ``prompt``: the graph that ran, as ``{id: {class_type, inputs}}``.

An input is a value, or ``[id, slot]`` of the node that makes it. The picture's own settings are
those of the first sampler: from what saves the picture one walks back to the last sampler on the
way, so that the one which paints is read and not the one which enlarges afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.importing import found as words
from generator.importing.found import Found, found
from generator.importing.texts import Texts

PROGRAM = "ComfyUI"
Node = Mapping[str, Any]
Graph = Mapping[str, Node]

#: Where values come from: the names that nodes give to what they hold.
SEEDS = ("seed", "noise_seed")
TEXTS = ("text", "string", "value", "text_g", "t5xxl", "clip_l", "prompt")
MODELS = ("ckpt_name", "unet_name", "model_name")
MAX_NODES = 5_000


def read(texts: Texts) -> Found | None:
    """What the graph says; None without one that paints."""
    graph = _graph(texts.json("prompt"))
    samplers = [node for node in _behind(graph, _ends(graph)) if _samples(node)]
    if not samplers:
        return None
    first = samplers[-1]
    near = list(_behind(graph, [first]))
    values = {
        "prompt": _text(graph, _source(graph, first, "positive", "guider", "conditioning")),
        "negative_prompt": _text(graph, _source(graph, first, "negative")),
        "seed": words.seed(_value(near, *SEEDS)),
        "steps": words.whole(_value(near, "steps")),
        "guidance_scale": words.number(_value(near, "cfg", "guidance")),
        "sampler": words.sampler(_value(near, "sampler_name"), _value(near, "scheduler")),
        "model": _stem(_value(near, *MODELS)),
        "width": words.whole(_value(_latents(near), "width")),
        "height": words.whole(_value(_latents(near), "height")),
        "loras": words.loras(_loras(near)),
    }
    return found(PROGRAM, values)


def _graph(said: Mapping[str, Any]) -> Graph:
    return {
        str(key): node
        for key, node in list(said.items())[:MAX_NODES]
        if isinstance(node, dict) and isinstance(node.get("inputs"), dict)
    }


def _ends(graph: Graph) -> list[Node]:
    """The nodes that save or show a picture, or all of them when none is called so."""
    named = [
        n for n in graph.values() if str(n.get("class_type", "")).startswith(("Save", "Preview"))
    ]
    return named or list(graph.values())


def _behind(graph: Graph, starts: list[Node]) -> Iterator[Node]:
    """These nodes and all that they are made from, the nearest first, each once."""
    waiting, seen = list(starts), {id(node) for node in starts}
    while waiting:
        node = waiting.pop(0)
        yield node
        for value in node["inputs"].values():
            source = _linked(graph, value)
            if source is not None and id(source) not in seen:
                seen.add(id(source))
                waiting.append(source)


def _linked(graph: Graph, value: object) -> Node | None:
    if isinstance(value, list) and len(value) == 2:
        return graph.get(str(value[0]))
    return None


def _samples(node: Node) -> bool:
    kind = str(node.get("class_type", ""))
    return "Sampler" in kind and isinstance(node["inputs"].get("latent_image"), list)


def _source(graph: Graph, node: Node, *names: str) -> Node | None:
    linked = (_linked(graph, node["inputs"].get(name)) for name in names)
    return next((source for source in linked if source is not None), None)


def _text(graph: Graph, start: Node | None) -> str | None:
    """The nearest text behind a conditioning, through whatever stands between."""
    for node in _behind(graph, [start]) if start is not None else ():
        for name in TEXTS:
            value = node["inputs"].get(name)
            if isinstance(value, str) and value.strip():
                return value
    return None


def _value(nodes: list[Node], *names: str) -> Any:
    """The first plain value under one of `names`."""
    for node in nodes:
        for name in names:
            value = node["inputs"].get(name)
            if value is not None and not isinstance(value, list | dict):
                return value
    return None


def _latents(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if "Latent" in str(node.get("class_type", ""))]


def _loras(nodes: list[Node]) -> Iterator[tuple[object, object]]:
    for node in nodes:
        inputs = node["inputs"]
        if "lora_name" in inputs:
            yield _stem(inputs["lora_name"]), inputs.get("strength_model", 1)


def _stem(name: object) -> object:
    """A file's name without folder and ending, as people know models."""
    if not isinstance(name, str):
        return None
    return name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
