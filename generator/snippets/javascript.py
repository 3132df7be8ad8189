"""The request as a program in JavaScript, by `fetch`, for Node."""

from __future__ import annotations

from generator.snippets import KEY, Call, Place
from generator.snippets.quoting import javascript, json_text

_KEYS = {
    Place.BEARER: '"Authorization": `Bearer ${key}`',
    Place.BARE: '"Authorization": key',
    Place.BASIC: '"Authorization": `Basic ${btoa(`limner:${key}`)}`',
    Place.BODY: "",
    Place.GREETING: "",
}
_SAVES = {"openai", "a1111", "aithriving"}
_SAVED = """\
for (const [number, image] of images.entries()) {
  await writeFile(`picture-${number + 1}.KIND`, image, "base64");
}
"""
_ENDINGS = {
    "native": """\
let task = told;
while (task.status === "queued" || task.status === "in_progress") {
  task = await (await fetch(`${site}/v1/tasks/${task.id}?wait=60`, { headers })).json();
}
console.log(task.status, task.output);
""",
    "openai": f"""\
const images = told.data.map((picture) => picture.b64_json);
{_SAVED}""",
    "a1111": f"""\
const images = told.images;
{_SAVED}""",
    "aithriving": f"""\
if (told.code !== 0) throw new Error(told.message);
const images = [told.data.image];
{_SAVED}""",
    "stubber": """\
for (const picture of told.payload.response.data) console.log(picture.url);
""",
    "modelslab": """\
let task = told;
while (task.status === "processing") {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const again = { method: "POST", headers, body: JSON.stringify({ key }) };
  task = await (await fetch(task.fetch_result, again)).json();
}
console.log(task.status, task.output ?? task.message);
""",
}


def write(call: Call) -> str:
    """The whole program; it saves the pictures, or prints where they are."""
    imports = 'import { writeFile } from "node:fs/promises";\n\n' if call.service in _SAVES else ""
    names = ['"Content-Type": "application/json"', _KEYS[call.key]]
    if call.service == "native":
        names.append('"Prefer": "wait=60"')
    headers = "".join(f"  {name},\n" for name in filter(None, names))
    return (
        f"// Save as picture.mjs, then: node picture.mjs\n{imports}"
        f"const site = {json_text(call.site)};\n"
        f"const key = process.env.{KEY};\n"
        f"const headers = {{\n{headers}}};\n"
        f"const body = {_body(call)};\n"
        f"const url = `${{site}}{call.path}`;\n"
        'const answer = await fetch(url, { method: "POST", headers, body });\n'
        "if (!answer.ok) throw new Error(await answer.text());\n"
        "const told = await answer.json();\n" + _ENDINGS[call.service].replace("KIND", call.kind)
    )


def _body(call: Call) -> str:
    text = javascript(call.body)
    return text.replace("{\n", "{\n  key,\n", 1) if call.key is Place.BODY else text
