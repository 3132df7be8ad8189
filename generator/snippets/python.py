"""The request as a program in Python: with the service's own client where we know one."""

from __future__ import annotations

from generator.snippets import KEY, Call, Place
from generator.snippets.quoting import python

_HEADERS = {
    Place.BEARER: 'headers={"Authorization": f"Bearer {key}"}',
    Place.BARE: 'headers={"Authorization": key}',
    Place.BASIC: 'auth=("limner", key)',
    Place.BODY: "",
    Place.GREETING: "",
}
#: Modules that what becomes of the answer needs.
_IMPORTS = {
    "native": ("os",),
    "a1111": ("base64", "os", "pathlib"),
    "aithriving": ("base64", "os", "pathlib"),
    "openai": ("base64", "os", "pathlib"),
    "stubber": ("os",),
    "modelslab": ("os", "time"),
}
_SAVED = 'pathlib.Path(f"picture-{number}.KIND").write_bytes(base64.b64decode(image))'
_ENDINGS = {
    "native": """\
task = answer.json()
while task["status"] in ("queued", "in_progress"):
    task = client.get(f"/v1/tasks/{task['id']}", params={"wait": 60}).json()
print(task["status"], task["output"])
""",
    "a1111": f"""\
for number, image in enumerate(answer.json()["images"], 1):
    {_SAVED}
""",
    "aithriving": """\
told = answer.json()
if told["code"] != 0:
    raise SystemExit(told["message"])
pathlib.Path("picture-1.KIND").write_bytes(base64.b64decode(told["data"]["image"]))
""",
    "stubber": """\
for picture in answer.json()["payload"]["response"]["data"]:
    print(picture["url"])
""",
    "modelslab": """\
told = answer.json()
while told["status"] == "processing":
    time.sleep(2)
    told = client.post(told["fetch_result"], json={"key": key}).json()
print(told["status"], told.get("output") or told.get("message"))
""",
}


def write(call: Call) -> str:
    """The whole program; it saves the pictures, or prints where they are."""
    return _by_its_client(call) if call.service == "openai" else _by_httpx(call)


def _by_httpx(call: Call) -> str:
    first = f"base_url={call.site!r}"
    options = ", ".join(filter(None, (first, _HEADERS[call.key], "timeout=600")))
    prefer = ', headers={"Prefer": "wait=60"}' if call.service == "native" else ""
    body = python(call.body)
    if call.key is Place.BODY:
        body = '{\n    "key": key,' + body.removeprefix("{")
    return (
        f"{_imports(call)}import httpx\n\n"
        f'key = os.environ["{KEY}"]\n'
        f"client = httpx.Client({options})\n"
        f"body = {body}\n"
        f"answer = client.post({call.path!r}, json=body{prefer})\n"
        "answer.raise_for_status()\n" + _ENDINGS[call.service].replace("KIND", call.kind)
    )


def _by_its_client(call: Call) -> str:
    said = "".join(f"    {name}={python(value, 1)},\n" for name, value in call.body.items())
    saved = _SAVED.replace("image)", "picture.b64_json)").replace("KIND", call.kind)
    return (
        f"{_imports(call)}from openai import OpenAI\n\n"
        f'client = OpenAI(base_url={call.site + "/v1"!r}, api_key=os.environ["{KEY}"])\n'
        f"answer = client.images.generate(\n{said})\n"
        "for number, picture in enumerate(answer.data, 1):\n"
        f"    {saved}\n"
    )


def _imports(call: Call) -> str:
    return "".join(f"import {name}\n" for name in _IMPORTS[call.service]) + "\n"
