/** Who keeps order where, and over whom. The server decides; this only spares people what it would refuse. */
import { isProgram } from "../chat/author";
import type { ChannelRole } from "../protocol/wire";
import type { JoinedChannel, State } from "../state";
import { ASSISTANT } from "../words";

const RANKS: Record<ChannelRole, number> = { member: 1, moderator: 2, owner: 3 };

/** Deleting and hiding what others said, seeing what was edited away, reports, bans and mutes, webhooks. */
export function mayModerate(channel: JoinedChannel, state: State): boolean {
  if (channel.kind === "direct") return false;
  return channel.membership.role !== "member" || state.session.me.peek()?.role === "admin";
}

/** In a conversation with the AI there is nobody to keep order among. */
export const keepsOrder = (channel: JoinedChannel, state: State): boolean =>
  channel.kind === "channel" && mayModerate(channel, state);

/** Without a role they are not in the channel, or it isn't known. */
export function mayRestrain(
  channel: JoinedChannel,
  userId: number,
  role: ChannelRole | undefined,
  state: State,
): boolean {
  if (!keepsOrder(channel, state) || userId === state.session.me.peek()?.id) return false;
  if (userId === ASSISTANT || isProgram(userId)) return false;
  const own = channel.membership.role;
  return role === undefined || own === "owner" || RANKS[own] > RANKS[role];
}
