"""What Schemathesis needs to know of Chalkline: how to sign in, and which ids exist. Loaded by its own process."""

import atexit
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx
import schemathesis

URL, SEEN = os.environ["FUZZ_URL"], Path(os.environ["FUZZ_SEEN"])
CREDENTIALS = {"username": os.environ["FUZZ_USERNAME"], "password": os.environ["FUZZ_PASSWORD"]}
OWN_ID = int(os.environ["FUZZ_ID"])
SEEDED: dict[str, list[Any]] = json.loads(os.environ["FUZZ_SEEDED"])
"""A path parameter -> the values that exist."""

_seen: dict[str, Counter[int]] = {}


def sign_in() -> dict[str, str]:
    answer = httpx.post(f"{URL}/api/v1/auth/login", json=CREDENTIALS)
    answer.raise_for_status()
    session: dict[str, str] = answer.json()
    return session


@schemathesis.auth(retry_on=[401])
class SignIn:
    """Again whenever an answer says so: the fuzzer logs itself out, and revokes its own sessions."""

    def get(self, _case: Any, _context: Any) -> str:
        return sign_in()["access_token"]

    def set(self, case: Any, data: str, _context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def map_path_parameters(_context: Any, path_parameters: dict[str, Any]) -> dict[str, Any]:
    """Three of four ids become ones that exist: an API of which only the 404s are seen is not tested."""
    return {name: _existing(name, value) for name, value in (path_parameters or {}).items()}


def _existing(name: str, value: Any) -> Any:
    number = crc32(str(value).encode(errors="replace"))
    if name not in SEEDED or isinstance(value, bool) or number % 4 == 0:
        return value
    return SEEDED[name][number % len(SEEDED[name])]


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """Every other sign-in is with the right password, and every other refresh with a token that opens."""
    operation = context.operation.definition.raw["operationId"]
    if crc32(repr(body).encode(errors="replace")) % 2 or not isinstance(body, dict):
        return body
    if (
        operation == "login"
        and body.keys() == CREDENTIALS.keys()
        and all(type(v) is str for v in body.values())
    ):
        return CREDENTIALS
    if operation == "refresh" and body.keys() == {"refresh_token"} and type(body["refresh_token"]) is str:
        return {"refresh_token": sign_in()["refresh_token"]}
    return body


KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"

MEANINGFUL: dict[str, dict[str, Any]] = {
    "draw_elements": {"elements": [{"kind": "ellipse"}]},
    "import_sketch": {"file": {"type": "excalidraw", "elements": []}},
    "create_push_subscription": {
        "endpoint": "https://push.invalid/1",
        "keys": {"p256dh": KEY, "auth": SECRET},
    },
}
"""What an element may be is a sketch's own rule, what a key may be the curve's: a good body is one of these."""

PARAMETERS = {"emoji": "👍", "since": "2026-11-20T08:00:00Z", "until": "2030-01-01T00:00:00Z"}
DAYS = {"before": "2030-01-01", "after": "2026-11-20"}
"""Of these a schema says only that they are texts."""


def _give_meaning(operation: str, case: Any) -> None:
    """What no schema can say: a good request becomes one that the rules let in, too."""
    if operation in MEANINGFUL:
        case.body = MEANINGFUL[operation]
    meant = PARAMETERS | (DAYS if operation == "search" else {})
    for given in (case.path_parameters, case.query):
        for name in (given or {}).keys() & meant.keys():
            given[name] = meant[name]
    if operation == "search":
        case.query = {**(case.query or {}), "q": "chalk"}  # one word at the least, of whatever kind
    if operation == "upload_file":
        # The query says of the bytes alone what a form says in its fields: each is right where the other isn't given.
        case.query = {"channel_id": SEEDED["channel_id"][0], "name": "notes.txt"}
    _give_places(case)
    if isinstance(case.body, dict):
        _give_meaning_to(operation, case.body)


def _give_places(case: Any) -> None:
    """What is seeded in one place only."""
    if "/bots/{user_id}" in case.operation.path:
        case.path_parameters["user_id"] = SEEDED["bot_id"][0]
    if "/hooks/outgoing/{hook_id}" in case.operation.path:
        number = crc32(repr(case.body).encode(errors="replace")) % len(SEEDED["outgoing"])
        case.path_parameters["channel_id"], case.path_parameters["hook_id"] = SEEDED["outgoing"][number]


def _give_meaning_to(operation: str, body: dict[str, Any]) -> None:
    if operation == "post_message" and body.get("thread") is None:
        body.pop("to_channel", None)
    if operation in ("post_message", "edit_message", "chat"):
        body.pop("attachments", None)  # files that wait for a message: each could be posted once
        body["text"] = body.get("text") or "hello"
    if operation == "run_command":
        body["text"] = "/shrug"
    if isinstance(body.get("url"), str):
        body["url"] = "https://hook.invalid/"
    if isinstance(body.get("do_not_disturb"), dict):
        body["do_not_disturb"]["timezone"] = "Europe/Berlin"


@schemathesis.hook
def before_call(_context: Any, case: Any, _arguments: Any) -> None:
    """Else the fuzzer would take its own rights away, once it had made somebody else an admin."""
    operation = case.operation.definition.raw["operationId"]
    if case.meta is not None and case.meta.generation.mode.is_positive:
        _give_meaning(operation, case)
    if case.operation.path.endswith("/users/{user_id}") and str(case.path_parameters.get("user_id")) == str(
        OWN_ID
    ):
        case.path_parameters["user_id"] = SEEDED["user_id"][0]


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    _seen.setdefault(case.operation.label, Counter())[response.status_code] += 1


@atexit.register
def _tell() -> None:
    SEEN.write_text(json.dumps(_seen))
