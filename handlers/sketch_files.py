"""The doors through which a sketch leaves as a file, and comes in as one."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.channels import channel_id
from handlers.door import door, json_response, path_id
from handlers.sketches import sketch_id
from handlers.state import State
from models.accounts import Actor
from models.ids import SketchId
from models.sketches import ImportSketch, PictureQuery, Sketch
from services import sketch_svg
from services.excalidraw_out import file_of
from services.sketch_json import json_of

FILE_BYTES = 16 * 2**20

# Whatever a sketch holds: on its own it may do nothing, and it doesn't open as a page of ours.
SAFE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"}


@door({200: None})
async def export_svg(request: Request[State], actor: Actor) -> Response:
    """The sketch as SVG."""
    found, seq, scene = await request.state["sketches"].scene(actor, sketch_id(request))
    tag = f"{found.id}.{found.epoch}.{seq}.{found.title}"
    drawn = await request.state["painter"].painted("svg", tag, sketch_svg.svg, scene, found.title)
    return _file(drawn, found.id, "svg", "image/svg+xml")


@door({200: None})
async def export_png(request: Request[State], actor: Actor, query: PictureQuery) -> Response:
    """The sketch as PNG."""
    found, seq, scene = await request.state["sketches"].scene(actor, sketch_id(request))
    tag = f"{found.id}.{found.epoch}.{seq}"
    how = f"png {query.longest}"
    painted = await request.state["painter"].painted(how, tag, sketch_svg.png, scene, "", query.longest)
    return _file(painted, found.id, "png", "image/png")


@door({200: None})
async def export_json(request: Request[State], actor: Actor) -> Response:
    """The sketch as plain JSON: each element with its place, points as [x, y, pressure], images in base64."""
    found, seq, scene = await request.state["sketches"].scene(actor, sketch_id(request))
    tag = f"{found.id}.{found.epoch}.{seq}.{found.title}"
    made = await request.state["painter"].painted("json", tag, json_of, scene, found.title)
    return _file(made, found.id, "json", "application/json")


@door({200: None})
async def export_excalidraw(request: Request[State], actor: Actor) -> Response:
    """The sketch as a file for excalidraw.com."""
    found, seq, scene = await request.state["sketches"].scene(actor, sketch_id(request))
    tag = f"{found.id}.{found.epoch}.{seq}"
    made = await request.state["painter"].painted("excalidraw", tag, file_of, scene)
    return _file(made, found.id, "excalidraw", "application/json")


@door({200: None})
async def export_sketch_version(request: Request[State], actor: Actor) -> Response:
    """A version of the sketch as SVG: to see it before it is brought back."""
    number = path_id(request, "version")
    found, scene = await request.state["sketches"].version_scene(actor, sketch_id(request), number)
    tag = f"{found.id}.{found.epoch}.version {number}.{found.title}"
    drawn = await request.state["painter"].painted("svg", tag, sketch_svg.svg, scene, found.title)
    return _file(drawn, found.id, "svg", "image/svg+xml")


@door({201: Sketch}, body_bytes=FILE_BYTES)
async def import_sketch(request: Request[State], actor: Actor, body: ImportSketch) -> Response:
    """Make a sketch from an `.excalidraw` file."""
    made = await request.state["sketches"].bring_in(actor, channel_id(request), body)
    return json_response(made, HTTPStatus.CREATED)


def _file(data: bytes, sketch: SketchId, ending: str, kind: str) -> Response:
    name = f'attachment; filename="sketch-{sketch}.{ending}"'
    headers = {**SAFE, "Content-Disposition": name, "Cache-Control": "private, no-cache"}
    return Response(data, headers=headers, media_type=kind)
