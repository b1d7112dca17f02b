"""The body of an upload, piece by piece into the file that is to become of it: multipart/form-data, or the bytes alone.

Only what is a field here is held in memory, and each has its bound. Names of files are texts, and lead nowhere.
"""

from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from models import wire
from models.errors import Invalid, TooLarge, UnsupportedMediaType
from models.files import UploadQuery
from models.ids import ChannelId
from services.files import Upload

PARTS = 8
FIELD_BYTES = 64
HEADER_BYTES = 2048
HEADERS = 8

MULTIPART = "multipart/form-data"
_FIELDS = ("channel_id", "file")


async def read_upload(request: Request[Any], upload: Upload) -> str:
    """The file's name as it was given. Raises Invalid, TooLarge, UnsupportedMediaType, and what the upload raises."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("An upload isn't compressed.")
    query = wire.convert(dict(request.query_params), UploadQuery)
    if query.channel_id is not None:
        await upload.aim(ChannelId(query.channel_id))
    kind, options = parse_options_header(request.headers.get("Content-Type"))
    if kind.decode("latin-1") != MULTIPART:
        return await _read_raw(request, upload, query)
    form = _Form(options.get(b"boundary", b""))
    async for piece in request.stream():
        form.feed(piece)
        await form.pass_on(upload)
    return form.end()


async def _read_raw(request: Request[Any], upload: Upload, query: UploadQuery) -> str:
    if query.channel_id is None or not query.name:
        missing = "channel_id" if query.channel_id is None else "name"
        raise Invalid(
            "An upload says in its query what it is.", {missing: "Required where the body is the file"}
        )
    async for piece in request.stream():
        await upload.write(piece)
    return query.name


def announced(request: Request[Any]) -> int | None:
    """How long the body will be, where its head says so."""
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None


class _Form:
    """What the parser found since the last look at it."""

    def __init__(self, boundary: bytes) -> None:
        self._parts = 0
        self._header = self._value = b""
        self._disposition: dict[bytes, bytes] = {}
        self._field = ""
        self._text = b""
        self._pieces: list[bytes | ChannelId] = []
        self._name: str | None = None
        self._is_whole = False
        callbacks: Any = {
            "on_part_begin": self._begin_part, "on_header_begin": self._begin_header,
            "on_header_field": self._take_header, "on_header_value": self._take_value,
            "on_header_end": self._end_header, "on_headers_finished": self._begin_data,
            "on_part_data": self._take_data, "on_part_end": self._end_part, "on_end": self._end,
        }  # fmt: skip
        try:
            self._parser = MultipartParser(
                boundary, callbacks, max_header_count=HEADERS, max_header_size=HEADER_BYTES
            )
        except FormParserError:
            raise _no_form() from None
        if not boundary:
            raise _no_form()

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except FormParserError:
            raise _no_form() from None

    async def pass_on(self, upload: Upload) -> None:
        """In the order in which it came."""
        pieces, self._pieces = self._pieces, []
        for piece in pieces:
            if isinstance(piece, bytes):
                await upload.write(piece)
            else:
                await upload.aim(piece)

    def end(self) -> str:
        if not self._is_whole:
            raise _no_form()
        if self._name is None:
            raise Invalid("There is no file in this form.", {"file": "Required"})
        return self._name

    def _begin_part(self) -> None:
        self._parts += 1
        if self._parts > PARTS:
            raise TooLarge(f"A form has at most {PARTS} parts here.")
        self._disposition, self._field, self._text = {}, "", b""

    def _begin_header(self) -> None:
        self._header = self._value = b""

    def _take_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _take_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.strip().lower() == b"content-disposition":
            _, self._disposition = parse_options_header(self._value.decode("latin-1"))

    def _begin_data(self) -> None:
        self._field = self._disposition.get(b"name", b"").decode("utf-8", "replace")
        if self._field not in _FIELDS:
            raise Invalid("A form has channel_id and file.", {self._field[:64]: "Unknown field"})
        if self._field == "file":
            if self._name is not None:
                raise Invalid("One file at a time.", {"file": "Given more than once"})
            self._name = self._disposition.get(b"filename", b"").decode("utf-8", "replace")

    def _take_data(self, data: bytes, start: int, end: int) -> None:
        if self._field == "file":
            self._pieces.append(data[start:end])
        elif len(self._text) + end - start > FIELD_BYTES:
            raise Invalid("A field is too long.", {self._field: f"Expected at most {FIELD_BYTES} characters"})
        else:
            self._text += data[start:end]

    def _end_part(self) -> None:
        if self._field == "channel_id":
            asked = wire.convert({"channel_id": self._text.decode("utf-8", "replace")}, UploadQuery)
            self._pieces.append(ChannelId(asked.channel_id or 0))

    def _end(self) -> None:
        self._is_whole = True


def _no_form() -> Invalid:
    return Invalid("This is not a whole form in multipart/form-data.", {"file": "Expected a part of a form"})
