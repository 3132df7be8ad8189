"""A `newTask` over PicFinder's WebSocket, as programs in Python and JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.snippets import KEY, Call
from generator.snippets.quoting import javascript, json_text
from generator.snippets.quoting import python as literal


def python(call: Call) -> str:
    """With the package `websockets`; it prints where the pictures are, one by one."""
    return f"""\
import json
import os
import uuid

from websockets.sync.client import connect

body = {literal(_named(call.body))}
greeting = {{"newConnection": {{"apiKey": os.environ["{KEY}"]}}}}
with connect({_address(call)!r}) as socket:
    socket.send(json.dumps(greeting))
    socket.send(json.dumps({{"newTask": {{"taskUUID": str(uuid.uuid4()), **body}}}}))
    missing = body["numberResults"]
    while missing > 0:
        told = json.loads(socket.recv())
        if told.get("error"):
            raise SystemExit(told["errorMessage"])
        for image in told.get("newImages", {{}}).get("images", []):
            print(image["imageSrc"])
            missing -= 1
"""


def script(call: Call) -> str:
    """For Node 22 and for browsers; it prints where the pictures are, one by one."""
    return f"""\
// Save as picture.mjs, then with Node 22 or newer: node picture.mjs
const key = process.env.{KEY};
const body = {javascript(_named(call.body))};
const task = `{{"taskUUID": "${{crypto.randomUUID()}}", ${{body.slice(1)}}`;
const socket = new WebSocket({json_text(_address(call))});
let missing = {call.body["numberResults"]};
socket.onopen = () => {{
  socket.send(JSON.stringify({{ newConnection: {{ apiKey: key }} }}));
  socket.send(`{{"newTask": ${{task}}}}`);
}};
socket.onmessage = ({{ data }}) => {{
  const told = JSON.parse(data);
  if (told.error) throw new Error(told.errorMessage);
  for (const image of told.newImages?.images ?? []) {{
    console.log(image.imageSrc);
    missing -= 1;
  }}
  if (missing <= 0) socket.close();
}};
"""


def _named(body: Mapping[str, Any]) -> dict[str, Any]:
    """Without the id, which the program makes up."""
    return {name: value for name, value in body.items() if name != "taskUUID"}


def _address(call: Call) -> str:
    return "ws" + call.url.removeprefix("http")
