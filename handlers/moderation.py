"""The doors of moderators and admins: bans, mutes, reports, and messages that are hidden."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.channels import channel_id
from handlers.door import door, json_response, nothing, path_id
from handlers.messages import place
from handlers.state import State
from handlers.users import user_id
from models.accounts import Actor
from models.moderation import (
    PutRestraint,
    Report,
    ReportMessage,
    ReportQuery,
    ResolveReport,
    Restraint,
    RestraintQuery,
)
from models.values import Page


@door({204: None}, may_be_empty=True)
async def ban_member(request: Request[State], actor: Actor, body: PutRestraint) -> Response:
    """Put somebody out of the channel and keep them out, for a while or for ever. Moderators only."""
    service = request.state["moderation"]
    await service.restrain(actor, channel_id(request), user_id(request), "ban", body)
    return nothing()


@door({204: None})
async def unban_member(request: Request[State], actor: Actor) -> Response:
    """Let somebody come in again. Moderators only."""
    await request.state["moderation"].release(actor, channel_id(request), user_id(request), "ban")
    return nothing()


@door({200: Page[Restraint]})
async def list_bans(request: Request[State], actor: Actor, query: RestraintQuery) -> Response:
    """Who may not come in. Moderators only."""
    page = await request.state["moderation"].restrained(actor, channel_id(request), "ban", query)
    return json_response(page)


@door({204: None}, may_be_empty=True)
async def mute_member(request: Request[State], actor: Actor, body: PutRestraint) -> Response:
    """Let somebody read the channel and say nothing, for a while or for ever. Moderators only."""
    service = request.state["moderation"]
    await service.restrain(actor, channel_id(request), user_id(request), "mute", body)
    return nothing()


@door({204: None})
async def unmute_member(request: Request[State], actor: Actor) -> Response:
    """Let somebody speak again. Moderators only."""
    await request.state["moderation"].release(actor, channel_id(request), user_id(request), "mute")
    return nothing()


@door({200: Page[Restraint]})
async def list_mutes(request: Request[State], actor: Actor, query: RestraintQuery) -> Response:
    """Who may not speak. Moderators only."""
    page = await request.state["moderation"].restrained(actor, channel_id(request), "mute", query)
    return json_response(page)


@door({204: None})
async def hide_message(request: Request[State], actor: Actor) -> Response:
    """Hide a message from all but moderators; it can be shown again. Moderators only."""
    await request.state["messages"].hide(actor, *place(request))
    return nothing()


@door({204: None})
async def show_message(request: Request[State], actor: Actor) -> Response:
    """Show a hidden message again. Moderators only."""
    await request.state["messages"].show(actor, *place(request))
    return nothing()


@door({201: Report, 200: Report})
async def report_message(request: Request[State], actor: Actor, body: ReportMessage) -> Response:
    """Report a message to the channel's moderators; 200 with the first report, where one was made before."""
    report, is_new = await request.state["moderation"].report(actor, *place(request), body)
    return json_response(report, HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@door({200: Page[Report]})
async def list_reports(request: Request[State], actor: Actor, query: ReportQuery) -> Response:
    """The channel's reports, the newest first. Moderators only."""
    return json_response(await request.state["moderation"].reports(actor, channel_id(request), query))


@door({200: Report})
async def resolve_report(request: Request[State], actor: Actor, body: ResolveReport) -> Response:
    """Resolve or dismiss a report, or open it again. Moderators only."""
    report = path_id(request, "report_id")
    return json_response(await request.state["moderation"].resolve(actor, channel_id(request), report, body))


@door({200: Page[Report]})
async def list_all_reports(request: Request[State], actor: Actor, query: ReportQuery) -> Response:
    """The workspace's reports, the newest first. Admins only."""
    return json_response(await request.state["moderation"].all_reports(actor, query))


@door({204: None}, may_be_empty=True)
async def ban_user(request: Request[State], actor: Actor, body: PutRestraint) -> Response:
    """Ban a user from the workspace: their sessions end, and they can't sign in. Admins only."""
    await request.state["moderation"].ban_user(actor, user_id(request), body)
    return nothing()


@door({204: None})
async def unban_user(request: Request[State], actor: Actor) -> Response:
    """Let a banned user sign in again. Admins only."""
    await request.state["moderation"].unban_user(actor, user_id(request))
    return nothing()


@door({200: Page[Restraint]})
async def list_banned_users(request: Request[State], actor: Actor, query: RestraintQuery) -> Response:
    """Who is banned from the workspace. Admins only."""
    return json_response(await request.state["moderation"].banned_users(actor, query))
