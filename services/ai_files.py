"""What of the files of messages a model gets to read: text as text, pictures as pictures for models that see.

Law: what is cut or left out is counted, and the model is told of it, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models.ai import Attached
from models.errors import Fault
from models.ids import ChannelId, Seq
from services.ai_ports import Attachments, Bytes
from services.ai_text import PICTURE_TOKENS, estimated_tokens, picture

MOST_TEXT_BYTES = 256 * 1024
"""Of one file; what is behind is cut."""

MOST_PICTURE_BYTES = 4 * 1024 * 1024
MOST_PICTURES = 8
LEAST_ROOM = 64
"""Tokens: for less, the beginning of a text isn't worth it."""

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_BYTES_PER_TOKEN = 3


@dataclass(slots=True)
class Found:
    """By the seq of their message: texts to stand behind its own, and pictures as the API has them."""

    texts: dict[Seq, str] = field(default_factory=dict)
    pictures: dict[Seq, list[dict[str, Any]]] = field(default_factory=dict)
    left: int = 0
    left_out: int = 0

    def say(self, seq: Seq, text: str) -> None:
        self.texts[seq] = f"{self.texts.get(seq, '')}\n\n{text}"


class FileReader:
    """`read` says what of the files fits."""

    def __init__(self, attachments: Attachments, stored: Bytes) -> None:
        self._attachments = attachments
        self._stored = stored

    async def read(self, channel: ChannelId, seqs: Sequence[Seq], room: int, *, sees: bool) -> Found:
        """Of these messages of a channel that the asker may read, the newest first; `room` in tokens."""
        found = Found(left=room)
        for file in await self._attachments.attached(channel, seqs):
            try:
                if file.type == "text/plain":
                    await self._text(file, found)
                elif sees and file.type in _PICTURES:
                    await self._picture(file, found)
                else:
                    self._leave(file, found, "it can't be read here")
            except Fault:
                self._leave(file, found, "it is away")
        return found

    async def _text(self, file: Attached, found: Found) -> None:
        most = min(MOST_TEXT_BYTES, (found.left - LEAST_ROOM) * _BYTES_PER_TOKEN)
        if most < LEAST_ROOM:
            return self._leave(file, found, "it doesn't fit")
        data = await self._bytes(file, most)
        text = data.decode("utf-8", "ignore").replace("\x00", "")
        if file.size > most:
            found.left_out += 1
            text += "\n[the rest of the file was left out]"
        told = f"[file {file.name}]\n{text}\n[end of {file.name}]"
        found.say(file.seq, told)
        found.left -= estimated_tokens(told)
        return None

    async def _picture(self, file: Attached, found: Found) -> None:
        number = sum(map(len, found.pictures.values()))
        if file.size > MOST_PICTURE_BYTES or found.left < PICTURE_TOKENS or number >= MOST_PICTURES:
            return self._leave(file, found, "it doesn't fit")
        data = await self._bytes(file, file.size)
        found.pictures.setdefault(file.seq, []).append(picture(file.type, data))
        found.left -= PICTURE_TOKENS
        return None

    async def _bytes(self, file: Attached, most: int) -> bytes:
        pieces = await self._stored.read(file.digest, 0, min(most, file.size))
        return b"".join([piece async for piece in pieces])

    def _leave(self, file: Attached, found: Found, why: str) -> None:
        found.left_out += 1
        found.say(file.seq, f"[file {file.name}, {file.type}: {why}]")
        found.left -= LEAST_ROOM
