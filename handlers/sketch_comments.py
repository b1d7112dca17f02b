"""The doors of comments on sketches."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import door, json_response, nothing, path_id
from handlers.sketches import sketch_id
from handlers.state import State
from models.accounts import Actor
from models.sketches import Comment, CreateComment, SketchQuery, UpdateComment
from models.values import Page


@door({201: Comment})
async def create_comment(request: Request[State], actor: Actor, body: CreateComment) -> Response:
    """Comment on an element, on the sketch as a whole, or in a thread."""
    made = await request.state["sketch_comments"].add(actor, sketch_id(request), body)
    return json_response(made, HTTPStatus.CREATED)


@door({200: Page[Comment]})
async def list_comments(request: Request[State], actor: Actor, query: SketchQuery) -> Response:
    """The comments on a sketch, the oldest first."""
    return json_response(await request.state["sketch_comments"].list(actor, sketch_id(request), query))


@door({200: Comment})
async def update_comment(request: Request[State], actor: Actor, body: UpdateComment) -> Response:
    """Resolve a thread, or open it again."""
    comment = path_id(request, "comment_id")
    changed = await request.state["sketch_comments"].update(actor, sketch_id(request), comment, body)
    return json_response(changed)


@door({204: None})
async def delete_comment(request: Request[State], actor: Actor) -> Response:
    """Delete a comment. For its author and the channel's moderators."""
    comment = path_id(request, "comment_id")
    await request.state["sketch_comments"].delete(actor, sketch_id(request), comment)
    return nothing()
