"""A house with a scripted provider, and what its people hear of an answer."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from server.demo_provider import DemoProvider
from tests.house import NO_TLS, PATIENCE, Ear, House, Person, open_house


@asynccontextmanager
async def open_ai_house(
    dsn: str, data_dir: Path, fake: DemoProvider, **flags: object
) -> AsyncIterator[House]:
    """Three of its settings are hasty: nobody waits for a minute in a test."""
    settings: dict[str, object] = {
        "ai_base_url": fake.url,
        "ai_models": "demo,other",
        "ai_api_key": "sk-canary",
        "ai_timeouts": "1/2/2",
        **flags,
    }
    async with open_house(dsn, data_dir, **settings) as house:
        yield house


def ask(channel: int, client_id: str = "q1", text: str = "What is chalk?", **more: Any) -> dict[str, Any]:
    return {"channel_id": channel, "client_id": client_id, "text": text, **more}


class Reader:
    """Puts an answer together from what a socket hears, as a client would."""

    def __init__(self) -> None:
        self.text = ""
        self.finished: Any = None
        self.overlaps = 0

    def hear(self, frame: Any) -> None:
        if frame["type"] == "ai.delta":
            offset, text = frame["offset"], frame["text"]
            assert offset <= len(self.text), "a hole"
            known = self.text[offset : offset + len(text)]
            assert text.startswith(known), "two texts"
            self.overlaps += bool(known)
            self.text = self.text[:offset] + text if offset + len(text) > len(self.text) else self.text
        elif frame["type"] == "ai.finished":
            self.finished = frame

    async def read(self, ear: Ear) -> str:
        """Until the answer is finished; what was heard must be what it says."""
        while self.finished is None:
            self.hear(await ear.next())
        final: str = self.finished["message"]["text"]
        return final


async def events(person: Person, method: str, path: str, body: Any = None, **headers: str) -> list[Any]:
    """Every event of a stream as (name, data, id); heartbeats are left out."""
    found = []
    async with httpx.AsyncClient(timeout=PATIENCE, verify=NO_TLS) as http:
        headers |= {"Authorization": f"Bearer {person.token}"}
        url = f"{person.url}/api/v1{path}"
        async with http.stream(method, url, json=body, headers=headers) as answer:
            assert answer.status_code == 200, await answer.aread()
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            async for block in _blocks(answer):
                fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
                if "data" in fields:
                    found.append((fields["event"], json.loads(fields["data"]), fields.get("id")))
    return found


async def _blocks(answer: httpx.Response) -> AsyncIterator[str]:
    rest = ""
    async for text in answer.aiter_text():
        *blocks, rest = (rest + text).split("\n\n")
        for block in blocks:
            yield block


def said(found: list[Any]) -> str:
    """The text that the deltas of a stream make."""
    return "".join(data["text"] for name, data, _ in found if name == "delta")
