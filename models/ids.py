"""Names of things. A ChannelId is never a UserId, and no id leaves the range that JavaScript counts exactly."""

from typing import Annotated, NewType

from msgspec import Meta

WorkspaceId = NewType("WorkspaceId", int)
UserId = NewType("UserId", int)
ChannelId = NewType("ChannelId", int)
SketchId = NewType("SketchId", int)
Seq = NewType("Seq", int)
SessionId = NewType("SessionId", str)
RunId = NewType("RunId", int)
FileId = NewType("FileId", str)

MAX_ID = 2**53 - 1
"""Largest id and seq: JavaScript's Number.MAX_SAFE_INTEGER."""

AI_USER = UserId(MAX_ID - 1)
"""Who wrote what a model said: an author without an account, so nobody can sign in as it or bring it anywhere."""

HOOK_USER = UserId(MAX_ID - 2)
"""Who wrote what a webhook or a command posted: `via` of the message says which."""

BOT_IDS = range(900_000_000_000_000, 1_000_000_000_000_000)
"""The ids of bots: an author's id tells one. All have 15 digits, as a cursor may have."""

IdNumber = Annotated[int, Meta(ge=1, le=MAX_ID)]
SeqNumber = Annotated[int, Meta(ge=0, le=MAX_ID)]
"""A place in a log; 0 is before the first fact."""
