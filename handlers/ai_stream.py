"""A run as `text/event-stream`, or as one answer when it is over. Whoever watches may come and go.

Each event has an id, `run:offset`: with it as `Last-Event-ID` another request goes on right behind it.
"""

import re
from collections.abc import AsyncIterator
from contextlib import aclosing

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from handlers.door import json_response
from handlers.state import State
from models import wire
from models.accounts import Actor
from models.ai import Run
from models.ai_answers import DeltaEvent, ErrorEvent
from models.chat import Message
from models.errors import AiFailed, Fault
from models.ids import RunId
from services.ai_views import Delta, Ended, answered

_ID = re.compile(r"([1-9][0-9]{0,15}):([0-9]{1,9})")
_HEARTBEAT = b": still here\n\n"
_ENDED = ("failed", "interrupted")


async def answer(request: Request[State], actor: Actor, run: Run, *, is_stream: bool) -> Response:
    """Raises AiFailed for a run that failed or was interrupted; the channel has what it said."""
    if is_stream:
        return stream(request, actor, run)
    async with aclosing(request.state["ai_views"].watch(actor, run)) as seen:
        async for one in seen:
            if isinstance(one, Ended):
                failure = _failure(one.message)
                if failure is not None:
                    raise failure
                return json_response(answered(run.id, one.message))
    raise AiFailed("The answer is gone.")


def stream(request: Request[State], actor: Actor, run: Run) -> Response:
    """For an actor who may see the run."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Chalkline-Run-ID": str(run.id)}
    events = _events(request, actor, run, _offset(request, run.id))
    return StreamingResponse(events, headers=headers, media_type="text/event-stream")


async def _events(request: Request[State], actor: Actor, run: Run, offset: int) -> AsyncIterator[bytes]:
    name = run.id
    try:
        async with aclosing(request.state["ai_views"].watch(actor, run, offset)) as seen:
            async for one in seen:
                if one is None:
                    yield _HEARTBEAT
                elif isinstance(one, Delta):
                    end = one.offset + len(one.text)
                    yield _event("delta", DeltaEvent(name, one.offset, one.text), f"{name}:{end}")
                else:
                    yield _end(name, one.message)
    except Fault as fault:
        yield _event("error", {"run_id": name, "code": fault.code, "detail": fault.detail})


def _end(run: RunId, message: Message) -> bytes:
    failure, done = _failure(message), answered(run, message)
    if failure is None:
        return _event("done", done)
    return _event("error", ErrorEvent(run, failure.code, failure.detail, message, done.usage))


def _failure(message: Message) -> AiFailed | None:
    if message.ai and message.ai.status in _ENDED:
        return AiFailed(message.ai.detail or "The answer broke off.")
    return None


def _event(name: str, data: Struct | dict[str, object], id_: str = "") -> bytes:
    head = f"id: {id_}\nevent: {name}\ndata: " if id_ else f"event: {name}\ndata: "
    return head.encode() + wire.encode(data) + b"\n\n"


def _offset(request: Request[State], run: RunId) -> int:
    """Where this run's watcher had come to; anything else begins anew."""
    found = _ID.fullmatch(request.headers.get("Last-Event-ID", ""))
    return int(found[2]) if found and int(found[1]) == run else 0
