"""Facts on their way into a log: each takes the next seq there, in the transaction that makes it true."""

from typing import Any

from models import wire
from models.channels import ChannelRole
from models.facts import Change, Entry, MemberJoined
from models.ids import ChannelId, Seq, UserId
from store.pool import Transaction

Entered = tuple[UserId, Entry, Entry]
"""Who came into a channel, the fact in the channel's log, and the one in the user's own."""


async def lock(transaction: Transaction, channel: ChannelId) -> bool:
    """Waits until the channel is ours to change; False if it is gone."""
    return await transaction.value("lock_channel", channel) is not None


async def append_change(transaction: Transaction, by: UserId, change: Change) -> Entry:
    """Adds a fact to the log of its channel, whose lock the transaction holds; the change's own seq is ignored."""
    body = wire.change_body(change)
    kind = wire.tag(change)
    seq = await transaction.value("append_change", change.channel_id, kind, by, body)
    return wire.entry(wire.change_fact(change.channel_id, seq, kind, body))


async def append_user_fact(transaction: Transaction, user: UserId, kind: str, body: dict[str, Any]) -> Entry:
    seq = await transaction.value("append_user_fact", user, kind, body)
    return wire.personal_entry(user, seq, kind, body)


async def end_sessions(transaction: Transaction, user: UserId) -> Entry:
    """Revokes all sessions of a user, and writes the fact that closes their sockets."""
    await transaction.value("revoke_sessions", user)
    return await append_user_fact(transaction, user, "user.revoked", {})


async def enter(
    transaction: Transaction, channel: ChannelId, user: UserId, role: ChannelRole, by: UserId
) -> Entered | None:
    """Makes a user a member of a channel whose lock the transaction holds; None if they are one."""
    if await transaction.value("insert_member", channel, user, role) is None:
        return None
    entry = await append_change(transaction, by, MemberJoined(channel, Seq(0), user))
    return user, entry, await append_user_fact(transaction, user, "channel.opened", {"channel_id": channel})
