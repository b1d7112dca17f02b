"""The doors of sketches."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.channels import channel_id
from handlers.door import door, json_response, nothing, path_id
from handlers.sketch_sockets import link_token
from handlers.state import State
from models.accounts import Actor
from models.errors import NotFound
from models.ids import SketchId
from models.sketches import (
    CreateSketch,
    CreateVersion,
    DrawElements,
    Elements,
    Link,
    PutSketchSettings,
    SharedSketch,
    Sketch,
    SketchQuery,
    SketchSettings,
    SketchVersion,
    UpdateSketch,
)
from models.values import Page


@door({201: Sketch})
async def create_sketch(request: Request[State], actor: Actor, body: CreateSketch) -> Response:
    """Make a sketch, with a message of kind `sketch` in the timeline."""
    made = await request.state["sketches"].create(actor, channel_id(request), body)
    return json_response(made, HTTPStatus.CREATED)


@door({200: Page[Sketch]})
async def list_sketches(request: Request[State], actor: Actor, query: SketchQuery) -> Response:
    """The sketches of a channel, the newest first."""
    return json_response(await request.state["sketches"].list(actor, channel_id(request), query))


@door({200: Sketch})
async def get_sketch(request: Request[State], actor: Actor) -> Response:
    """One sketch."""
    return json_response(await request.state["sketches"].get(actor, sketch_id(request)))


@door({200: Sketch})
async def update_sketch(request: Request[State], actor: Actor, body: UpdateSketch) -> Response:
    """Rename a sketch. For who made it and the channel's moderators."""
    return json_response(await request.state["sketches"].update(actor, sketch_id(request), body))


@door({204: None})
async def delete_sketch(request: Request[State], actor: Actor) -> Response:
    """Delete a sketch. For who made it and the channel's moderators."""
    await request.state["sketches"].delete(actor, sketch_id(request))
    return nothing()


@door({200: SketchSettings})
async def get_sketch_settings(request: Request[State], actor: Actor) -> Response:
    """Whether the channel takes generic Yjs documents beside sketches."""
    return json_response(await request.state["sketches"].settings(actor, channel_id(request)))


@door({200: SketchSettings})
async def put_sketch_settings(request: Request[State], actor: Actor, body: PutSketchSettings) -> Response:
    """Let generic Yjs documents into the channel, or no more. Owners and admins only."""
    return json_response(await request.state["sketches"].set_settings(actor, channel_id(request), body))


@door({200: None})
async def get_sketch_state(request: Request[State], actor: Actor) -> Response:
    """All of a sketch as one Yjs update (`application/octet-stream`): a late joiner's first bytes."""
    state, tag = await request.state["sketches"].state(actor, sketch_id(request))
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        state = await request.state["painter"].squeezed(tag, state)
    return Response(state, headers=headers, media_type="application/octet-stream")


@door({201: Elements})
async def draw_elements(request: Request[State], actor: Actor, body: DrawElements) -> Response:
    """Draw from a script: all of the elements, or none. They are saved when the answer comes."""
    drawn = await request.state["sketches"].draw(actor, sketch_id(request), body)
    return json_response(drawn, HTTPStatus.CREATED)


@door({200: Page[SketchVersion]})
async def list_sketch_versions(request: Request[State], actor: Actor, query: SketchQuery) -> Response:
    """The named versions of a sketch, the newest first."""
    return json_response(await request.state["sketches"].versions(actor, sketch_id(request), query))


@door({201: SketchVersion})
async def create_sketch_version(request: Request[State], actor: Actor, body: CreateVersion) -> Response:
    """Keep the sketch as it is now, under a name."""
    made = await request.state["sketches"].add_version(actor, sketch_id(request), body)
    return json_response(made, HTTPStatus.CREATED)


@door({200: Sketch})
async def restore_sketch_version(request: Request[State], actor: Actor) -> Response:
    """Bring a version back, as a new edit."""
    number = path_id(request, "version")
    return json_response(await request.state["sketches"].restore(actor, sketch_id(request), number))


@door({200: SharedSketch})
async def get_shared_sketch(request: Request[State]) -> Response:
    """What a link shows, for whoever has it: its token stands in the header `X-Sketch-Link`."""
    found = await request.state["sketches"].shown_by(link_token(request) or "")
    if found.id != sketch_id(request):
        raise NotFound("There is no such sketch.")
    return json_response(SharedSketch(found.id, found.title, found.epoch))


@door({200: Page[Link]})
async def list_links(request: Request[State], actor: Actor) -> Response:
    """The links by which others may look at a sketch."""
    return json_response(await request.state["sketches"].links(actor, sketch_id(request)))


@door({201: Link})
async def create_link(request: Request[State], actor: Actor) -> Response:
    """Make a link by which whoever has it may look at the sketch, and not draw. Its token is told once."""
    return json_response(
        await request.state["sketches"].add_link(actor, sketch_id(request)), HTTPStatus.CREATED
    )


@door({204: None})
async def revoke_link(request: Request[State], actor: Actor) -> Response:
    """End a link; whoever follows it is sent away within a second."""
    link = path_id(request, "link_id")
    await request.state["sketches"].revoke_link(actor, sketch_id(request), link)
    return nothing()


def sketch_id(request: Request[State]) -> SketchId:
    return SketchId(path_id(request, "sketch_id"))
