"""How the server speaks: one event a line, JSON unless a person is watching. Law: no secret, and no flood.

Events of our own go through structlog; uvicorn's and asyncpg's through the standard library; both end here, alike.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import orjson
import structlog

EventDict = MutableMapping[str, Any]

_SECRET_NAMES = re.compile(r"password|secret|token|cookie|authorization|api_key|dsn|_url$")
_POOL_FLOOR = "Failed to restore the pool connection floor"


class OncePerInterval(logging.Filter):
    """Lets a record whose text holds `phrase` through once per `seconds`.

    While PostgreSQL is frozen, asyncpg writes one traceback per attempt to reach it.
    """

    def __init__(self, phrase: str, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._phrase = phrase
        self._seconds = seconds
        self._clock = clock
        self._next = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        if self._phrase not in record.getMessage():
            return True
        if self._clock() < self._next:
            return False
        self._next = self._clock() + self._seconds
        return True


def set_up_logs(level: str, stream: TextIO | None = None) -> None:
    """Once per process, before anything speaks. `stream` is standard error unless given."""
    stream = sys.stderr if stream is None else stream
    shared = _shared_processors()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(shared, is_terminal=stream.isatty()))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    _tame_libraries()


def _shared_processors() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]


def _formatter(shared: list[structlog.typing.Processor], *, is_terminal: bool) -> logging.Formatter:
    last: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if is_terminal:
        last.append(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))
    else:
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_to_json)]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last)


def _tame_libraries() -> None:
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncpg"):
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
    # Below warnings they tell of every connection, and asyncio of every slow callback.
    # The AI client would tell every prompt.
    for name in ("uvicorn.error", "asyncio", "websockets", "openai", "httpx2", "httpcore2", "aiohttp"):
        logging.getLogger(name).setLevel(logging.WARNING)
    pool = logging.getLogger("asyncpg.pool")
    pool.filters = [OncePerInterval(_POOL_FLOOR, seconds=30)]


def hide_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A field whose name says that it holds a secret never reaches a line, whoever logged it."""
    for name in event:
        if _SECRET_NAMES.search(name):
            event[name] = "[hidden]"
    return event


def _to_json(event: object, **_: object) -> str:
    try:
        return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # a lone surrogate, or a number beyond 64 bits
        return json.dumps(event, default=repr)
