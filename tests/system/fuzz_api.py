"""`make fuzz-api`: Schemathesis against a real server, with all its checks, and a look at how much it really reached.

python -m tests.system.fuzz_api [--max-examples 100] [--seed N]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.handlers.pictures import picture
from tests.server.running import ROOT, Running, run

OWN_ID, USERNAME, PASSWORD = 1, "alice", "correct horse battery"
USERS, CHANNELS, MESSAGES, INVITES, RUNS, FILES, HOOKS = 60, 200, 4, 100, 5, 40, 20

REACHED = 0.9
"""The share of operations of which a good answer must have been seen."""


def fuzz(max_examples: int, seed: int | None = None) -> str:
    """What there is to complain about; empty where all is well. Schemathesis' own report goes to standard output."""
    with tempfile.TemporaryDirectory() as directory, _server(Path(directory) / "data") as (url, said):
        seen = Path(directory) / "seen.json"
        code = _schemathesis(url, seen, _seed(url), max_examples, seed)
        complaints = [] if code == 0 else [f"schemathesis ended with {code}"]
        found = json.loads(seen.read_text())
        for label, statuses in sorted(found.items()):
            print(f"{label:60} {dict(sorted(statuses.items()))}")
        complaints += _judge(found)
        return "\n".join(complaints + said)


@contextmanager
def _server(data_dir: Path) -> Iterator[tuple[str, list[str]]]:
    """Its URL, and a list to which its errors are added."""
    variables = {
        "CHALKLINE_RATE_LIMITS": "off",
        "CHALKLINE_LOG_LEVEL": "error",
        "CHALKLINE_AI_BASE_URL": "demo",
        "CHALKLINE_AI_BUDGETS": "none",
        "CHALKLINE_AI_RUNS_PER_USER": "1000",
    }
    said: list[str] = []
    with run("server.cli", "serve", "--port", "0", "--data-dir", data_dir, variables=variables) as running:
        url = running.url()
        listening = threading.Thread(target=_listen, args=(running, said))
        listening.start()
        yield url, said
        running.process.terminate()
        listening.join()


def _listen(running: Running, said: list[str]) -> None:
    said.extend(line.rstrip() for line in running.output if '"level":"warning"' not in line)


def _seed(url: str) -> dict[str, list[Any]]:
    """People, channels, messages and invitations; the path parameters -> the values that exist."""
    with httpx.Client(base_url=f"{url}/api/v1", timeout=60) as http:
        me = _post(http, "/auth/register", {"username": USERNAME, "password": PASSWORD})
        for number in range(1, USERS):
            _post(http, "/auth/register", {"username": f"user-{number}", "password": PASSWORD})
        http.headers["Authorization"] = f"Bearer {me['access_token']}"
        for number in range(1, CHANNELS + 1):
            channel = _post(http, "/channels", {"name": f"channel {number}"})["id"]
            for message in range(MESSAGES):
                body = {"client_id": f"m{message}", "text": f"message {message}"}
                _post(http, f"/channels/{channel}/messages", body)
        runs = [_ask(http, channel) for channel in range(1, RUNS + 1)]
        files = [_upload(http, channel) for channel in range(1, FILES + 1)]  # a channel may be deleted
        bots = [_post(http, "/bots", {"username": f"bot-{number}"})["id"] for number in range(2)]
        hook = {"name": "ci", "url": "https://hook.invalid/", "events": ["message.posted"]}
        outgoing = [
            (channel, _post(http, f"/channels/{channel}/hooks/outgoing", hook)["id"])
            for channel in range(CHANNELS - HOOKS, CHANNELS)
        ]
        invites = [_post(http, "/auth/invites", {})["id"] for _ in range(INVITES)]
    return {
        "file_id": files,
        "bot_id": bots,
        "outgoing": outgoing,
        "user_id": list(range(OWN_ID + 1, USERS + 1)),
        "channel_id": list(range(1, CHANNELS + 1)),
        "seq": list(range(2, MESSAGES + 2)),
        "invite_id": invites,
        "run_id": runs,
    }


def _ask(http: httpx.Client, channel: int) -> int:
    """The id of a run that is done."""
    answer = http.post("/ai/chat", json={"channel_id": channel, "client_id": "q", "text": "3 words"})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["run_id"])


def _upload(http: httpx.Client, channel: int) -> str:
    """An image, so that it has a thumbnail."""
    query = {"channel_id": str(channel), "name": "cat.png"}
    answer = http.post("/files", params=query, content=picture())
    answer.raise_for_status()
    return str(answer.json()["id"])


def _post(http: httpx.Client, path: str, body: Mapping[str, object]) -> dict[str, Any]:
    answer = http.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _schemathesis(
    url: str, seen: Path, seeded: Mapping[str, object], max_examples: int, seed: int | None
) -> int:
    environment = {
        "SCHEMATHESIS_HOOKS": "tests.system.fuzz_hooks",
        "FUZZ_URL": url,
        "FUZZ_SEEN": str(seen),
        "FUZZ_USERNAME": USERNAME,
        "FUZZ_PASSWORD": PASSWORD,
        "FUZZ_ID": str(OWN_ID),
        "FUZZ_SEEDED": json.dumps(seeded),
    }
    arguments = ["run", f"{url}/openapi.json", "--checks", "all", "--continue-on-failure", "--no-color"]
    arguments += ["--max-examples", str(max_examples), "--generation-database", "none"]
    arguments += ["--seed", str(seed)] if seed is not None else []
    program = Path(sys.executable).parent / "schemathesis"
    return subprocess.run(
        [program, *arguments], cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode


def _judge(seen: Mapping[str, Mapping[str, int]]) -> list[str]:
    """A run of nothing but refusals is no test, and no answer may be a failure of the server."""
    unreached = [label for label, statuses in seen.items() if not any(s.startswith("2") for s in statuses)]
    failed = [label for label, statuses in seen.items() if any(s.startswith("5") for s in statuses)]
    complaints = [f"{label} failed with a 5xx" for label in failed]
    if len(unreached) > (1 - REACHED) * len(seen):
        complaints.append(f"no good answer was seen of {', '.join(unreached)}")
    return complaints


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.system.fuzz_api")
    parser.add_argument("--max-examples", type=int, default=100)
    parser.add_argument("--seed", type=int)
    given = parser.parse_args()
    complaints = fuzz(given.max_examples, given.seed)
    print(complaints or "Every check passed.")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
