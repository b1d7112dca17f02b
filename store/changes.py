"""Facts on their way into a log: each takes the next seq there, in the transaction that makes it true."""

from typing import Any

from models import wire
from models.channels import ChannelRole
from models.chat import Message
from models.facts import (
    Change,
    ChannelDeleted,
    ChannelUpdated,
    Entry,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
)
from models.ids import ChannelId, Seq, UserId
from store.audit import write_down
from store.pool import Transaction

KEPT, PRUNE_EVERY = 10_000, 1_000
"""Facts in a user's own log that are kept however old, and after how many new ones the older are looked at."""

Entered = tuple[UserId, Entry, Entry]
"""Who came into a channel, the fact in the channel's log, and the one in the user's own."""

Left = tuple[list[Entry], Entry]
"""The facts in the channel's log, of which a second one tells who is owner now, and the one in the user's own."""


async def lock(transaction: Transaction, channel: ChannelId) -> bool:
    """Waits until the channel is ours to change; False if it is gone."""
    return await transaction.value("lock_channel", channel) is not None


async def append_change(transaction: Transaction, by: UserId, change: Change) -> Entry:
    """Adds a fact to the log of its channel, whose lock the transaction holds; the change's own seq is ignored."""
    body = wire.change_body(change)
    kind = wire.tag(change)
    message = getattr(change, "message_seq", None)
    await _write_down(transaction, by, change)
    seq = await transaction.value("append_change", change.channel_id, kind, by, body, message)
    return wire.entry(wire.change_fact(change.channel_id, seq, kind, body))


async def _write_down(transaction: Transaction, by: UserId, change: Change) -> None:
    """What somebody does to others or to a whole channel. A deleted text is not among it."""
    user: UserId | None = None
    detail: dict[str, Any] = {}
    match change:
        case MemberJoined() | MemberLeft() if change.user_id == by:
            return
        case MemberJoined() | MemberChanged():
            user, detail = change.user_id, {"role": change.role}
        case MemberLeft():
            user = change.user_id
        case MessageDeleted():
            detail = {"message_seq": change.message_seq}
        case ChannelUpdated(channel=channel):
            detail = {"name": channel.name, "archived": bool(channel.archived_at)}
        case ChannelDeleted():
            pass
        case _:
            return
    await write_down(transaction, by, wire.tag(change), channel=change.channel_id, user=user, **detail)


async def append_edit(transaction: Transaction, by: UserId, message: Message) -> Entry:
    """Adds the fact that a message was edited. The log keeps no text: it tells the one that the message has."""
    fact = MessageEdited(message.channel_id, Seq(0), message)
    seq = await transaction.value("append_change", message.channel_id, wire.tag(fact), by, {}, message.seq)
    return wire.entry(wire.replace(fact, seq=seq))


async def append_user_fact(transaction: Transaction, user: UserId, kind: str, body: dict[str, Any]) -> Entry:
    seq = await transaction.value("append_user_fact", user, kind, body)
    if seq % PRUNE_EVERY == 0:
        await transaction.value("prune_user_facts", user, seq - KEPT)
    return wire.personal_entry(user, seq, kind, body)


async def end_sessions(transaction: Transaction, user: UserId) -> Entry:
    """Revokes all sessions of a user whose lock is held, and writes the fact that closes their sockets."""
    await transaction.value("revoke_sessions", user)
    return await append_user_fact(transaction, user, "user.revoked", {})


async def enter(
    transaction: Transaction, channel: ChannelId, user: UserId, role: ChannelRole, by: UserId
) -> Entered | None:
    """Makes a user a member of a channel whose lock the transaction holds; None if they are one."""
    if await transaction.value("insert_member", channel, user, role) is None:
        return None
    entry = await append_change(transaction, by, MemberJoined(channel, Seq(0), user, role))
    return user, entry, await append_user_fact(transaction, user, "channel.opened", {"channel_id": channel})


async def leave(transaction: Transaction, channel: ChannelId, user: UserId, by: UserId) -> Left | None:
    """Ends a membership in a channel whose lock the transaction holds; None if there is none.

    The last owner who goes hands the channel on.
    """
    role = await transaction.value("delete_member", channel, user)
    if role is None:
        return None
    entries = [await append_change(transaction, by, MemberLeft(channel, Seq(0), user, by))]
    if role == "owner":
        entries += await _hand_on(transaction, channel, user)
    return entries, await append_user_fact(transaction, user, "channel.closed", {"channel_id": channel})


async def _hand_on(transaction: Transaction, channel: ChannelId, left: UserId) -> list[Entry]:
    """A channel with members has an owner: the longest-serving moderator, else member, becomes it."""
    if await transaction.value("count_other_owners", channel, left):
        return []
    heir = await transaction.value("choose_heir", channel, left)
    if heir is None:
        return []
    await transaction.value("update_member", channel, heir, "owner")
    return [await append_change(transaction, left, MemberChanged(channel, Seq(0), heir, "owner"))]
