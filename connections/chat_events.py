"""The events of a chat-completions stream, out of bytes as they come: pure, so that garbage can be tried on it.

What a provider sends is believed as far as it is plausible. What isn't raises AiFailed; a usage block that isn't is as
good as none.
"""

import json
from typing import Any

import msgspec
from msgspec import Struct

from models.ai import Piece, Tokens, ToolCall
from models.errors import AiFailed

MOST_LINE = 1024 * 1024
MOST_CALLS = 16
MOST_ARGUMENTS = 64 * 1024
MOST_TOKENS = 100_000_000
"""A usage beyond that is a lie."""

_GARBLED = "The AI provider sent something that is no answer."


class _Function(Struct):
    name: str | None = None
    arguments: str | None = None


class _Call(Struct):
    index: int = 0
    id: str | None = None
    function: _Function | None = None


class _Delta(Struct):
    content: str | None = None
    tool_calls: list[_Call] | None = None


class _Choice(Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Event(Struct):
    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None


_decode = msgspec.json.Decoder(_Event).decode


class EventReader:
    """One stream. `is_done` after its end: `[DONE]`, or the end of the bytes behind a finish reason."""

    def __init__(self) -> None:
        self._rest = b""
        self._has_finished = False
        self.failure: AiFailed | None = None
        self.is_done = False

    def feed(self, data: bytes) -> Piece | None:
        """What these bytes say, if anything. What stood before garbage is given first, and `failure` is set then."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > MOST_LINE:
            raise AiFailed(_GARBLED)
        gathered = _Gathered()
        try:
            for line in lines:
                self._read(line, gathered)
        except AiFailed as fault:
            self.failure = fault
        self._has_finished = self._has_finished or gathered.finish is not None
        return gathered.piece()

    def end(self) -> None:
        """The bytes are over. Raises AiFailed where the answer was not."""
        if not self._has_finished:
            raise AiFailed("The AI provider broke off in the middle of the answer.")
        self.is_done = True

    def _read(self, line: bytes, gathered: "_Gathered") -> None:
        if self.is_done:
            return
        if line.startswith(b"data:"):
            self._take(line[5:].strip(), gathered)
        elif line[:1] not in (b"", b":", b"\r") and not line.startswith((b"event:", b"id:", b"retry:")):
            raise AiFailed(_GARBLED)

    def _take(self, data: bytes, gathered: "_Gathered") -> None:
        if data == b"[DONE]":
            self.is_done = True
            return
        event = _event(data)
        if event.error:
            raise AiFailed("The AI provider failed in the middle of the answer.")
        for choice in (event.choices or ())[:1]:
            gathered.finish = choice.finish_reason or gathered.finish
            if choice.delta is not None:
                gathered.add(choice.delta)
        gathered.tokens = _tokens(event.usage) or gathered.tokens


class _Gathered:
    """What one read brought."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.calls: dict[int, ToolCall] = {}
        self.tokens: Tokens | None = None
        self.finish: str | None = None

    def add(self, delta: _Delta) -> None:
        if delta.content:
            self.texts.append(delta.content)
        for call in delta.tool_calls or ():
            if not 0 <= call.index < MOST_CALLS:
                raise AiFailed(_GARBLED)
            grown = self.calls.setdefault(call.index, ToolCall())
            grown.id = grown.id or call.id or ""
            if call.function is not None:
                grown.name += call.function.name or ""
                grown.arguments += call.function.arguments or ""

    def piece(self) -> Piece | None:
        if not (self.texts or self.calls or self.tokens or self.finish):
            return None
        return Piece("".join(self.texts), self.calls, self.tokens, self.finish)


def _event(data: bytes) -> _Event:
    try:
        return _decode(data)
    except msgspec.ValidationError:
        raise AiFailed(_GARBLED) from None
    except msgspec.DecodeError:
        return _halved(data)


def _halved(data: bytes) -> _Event:
    """Some cut an emoji in two, and escape each half: Python's own decoder lets that pass."""
    try:
        return msgspec.convert(json.loads(data), _Event)
    except (ValueError, RecursionError):
        raise AiFailed(_GARBLED) from None


def _tokens(usage: Any) -> Tokens | None:
    if not isinstance(usage, dict):
        return None
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if type(prompt) is not int or type(completion) is not int:
        return None
    is_plausible = 0 <= prompt <= MOST_TOKENS and 0 <= completion <= MOST_TOKENS
    return Tokens(prompt, completion) if is_plausible else None
