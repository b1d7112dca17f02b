"""Tools that a model may call, under the rights of whoever asked it.

Law: what a model writes into a call is data. A tool checks its asker's rights when it is called, and gives an answer
that holds nothing that the members of the channel may not read, since all of them read what the model makes of it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from models import wire
from models.accounts import Actor
from models.ai import ToolCall, ToolUse
from models.errors import Fault
from models.ids import ChannelId, Seq

MOST_RESULT = 8_000
"""Characters that a tool may give back."""

_MOST_SHOWN = 200

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Scene:
    """Who asked, where, and the seq of the question: tools look at what came before."""

    actor: Actor
    channel: ChannelId
    before: Seq
    run_id: int
    sees: bool = False
    """Whether the model takes pictures."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the model gets to read; `undo` names what takes a change back."""

    text: str
    undo: str | None = None
    picture: bytes | None = None
    """A PNG, for models that see."""


@dataclass(frozen=True, slots=True)
class Tool:
    """`takes` is an Ask, which says and checks its arguments. `writes`: shown in the message, with its undo."""

    name: str
    description: str
    takes: type[Any]
    use: Callable[[Scene, Any], Awaitable[Result]]
    writes: bool = False


class Toolbox:
    """The tools of this server. Others, such as those for sketches, are put in where the parts are wired."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._offered = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": wire.schema(tool.takes),
                },
            }
            for tool in tools
        ]

    def offered(self) -> list[dict[str, Any]]:
        """As the chat-completions API describes them."""
        return self._offered

    async def use(self, call: ToolCall, scene: Scene) -> tuple[Result, ToolUse]:
        """What the model is told, and what the readers are shown. A refusal is an answer like any other."""
        tool = self._tools.get(call.name)
        if tool is None:
            return Result("Refused: there is no such tool."), _shown(call, is_ok=False, writes=False)
        try:
            result = await tool.use(scene, wire.decode(call.arguments or "{}", tool.takes))
        except Fault as fault:
            return Result(f"Refused: {fault.detail}"), _shown(call, is_ok=False, writes=tool.writes)
        except Exception:
            log.exception("ai_tool_failed", tool=call.name[:64], run_id=scene.run_id)
            return Result("Refused: the tool failed."), _shown(call, is_ok=False, writes=tool.writes)
        shown = _shown(call, is_ok=True, writes=tool.writes, undo=result.undo)
        return replace(result, text=result.text[:MOST_RESULT]), shown


def _shown(call: ToolCall, *, is_ok: bool, writes: bool, undo: str | None = None) -> ToolUse:
    return ToolUse(_plain(call.name, 64), _plain(call.arguments, _MOST_SHOWN), is_ok, writes, undo)


def _plain(text: str, most: int) -> str:
    """What the model wrote, as one short line that can be stored and shown."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:most])
