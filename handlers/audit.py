"""The door of the audit log."""

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import door, json_response
from handlers.state import State
from models.accounts import Actor
from models.audit import AuditQuery, Deed
from models.values import Page


@door({200: Page[Deed]})
async def list_audit(request: Request[State], actor: Actor, query: AuditQuery) -> Response:
    """Who did what to whom, when and from where: the newest first. Admins only."""
    return json_response(await request.state["audit"].list(actor, query))
