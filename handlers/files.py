"""The doors of files."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from handlers.byte_ranges import matches, range_of
from handlers.door import door, json_response, nothing
from handlers.state import State
from handlers.uploads import announced, read_upload
from models.accounts import Actor
from models.files import File, StoredFile, UploadQuery
from models.ids import FileId

# Whatever a file holds: a browser saves it and shows it nowhere as a page of ours, and guesses at no other type.
SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}

_THUMBNAIL = {
    "Content-Type": "image/webp",
    "Content-Disposition": 'attachment; filename="thumbnail.webp"',
}


@door({201: File}, uploads=UploadQuery)
async def upload_file(request: Request[State], actor: Actor) -> Response:
    """Upload a file for a channel, as multipart/form-data or as the body itself. It is seen by others once a message
    names it among its attachments; until then it waits for a day.
    """
    async with request.state["files"].receiving(actor, announced(request)) as upload:
        name = await read_upload(request, upload)
        return json_response(await upload.keep(name), HTTPStatus.CREATED)


@door({200: bytes, 206: bytes, 304: None})
async def get_file(request: Request[State], actor: Actor) -> Response:
    """The bytes of a file, or a range of them. Only for who may read its channel now."""
    file = await request.state["files"].get(actor, file_id(request))
    headers = {**SAFE, **_named(file), "ETag": f'"{file.digest}"', "Accept-Ranges": "bytes"}
    if matches(request.headers.get("If-None-Match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    span = range_of(request.headers, file.size, headers["ETag"])
    headers |= {"Content-Length": str(span.length), **span.headers}
    if request.method == "HEAD":
        return Response(status_code=span.status, headers=headers)
    pieces = await request.state["files"].read(file, span.start, span.length)
    return StreamingResponse(pieces, span.status, headers)


@door({200: bytes, 304: None})
async def get_thumbnail(request: Request[State], actor: Actor) -> Response:
    """A small picture of an image, as WebP without metadata."""
    file = await request.state["files"].get(actor, file_id(request))
    headers = {**SAFE, **_THUMBNAIL, "ETag": f'"{file.digest}.thumbnail"'}
    if matches(request.headers.get("If-None-Match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    pieces = await request.state["files"].read_thumbnail(file)
    return StreamingResponse(pieces, headers={**headers, "Content-Length": str(file.thumbnail_size)})


@door({204: None})
async def delete_file(request: Request[State], actor: Actor) -> Response:
    """Take one's own upload back, before it is posted."""
    await request.state["files"].delete(actor, file_id(request))
    return nothing()


def file_id(request: Request[Any]) -> FileId:
    return FileId(str(request.path_params["file_id"]))


def _named(file: StoredFile) -> dict[str, str]:
    """The type that its bytes have, and its name as RFC 6266 writes it: in ASCII, and as it is."""
    kind = f"{file.type}; charset=utf-8" if file.type == "text/plain" else file.type
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in file.name)
    whole = quote(file.name, safe="")
    return {
        "Content-Type": kind,
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}",
    }
