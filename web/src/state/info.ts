/** The channel itself: its names, its size, and one's own place in it. */

import type { Channel, Membership, Message } from "../protocol/wire";
import type { FactOf, Slice } from "./slice";

export interface Info {
  readonly channel: Channel & { readonly membership: Membership };
  /** Every fact up to here is in it. */
  readonly asOf: number;
  /** One has left, or was removed, or it was deleted. */
  readonly isGone: boolean;
}

const OUTSIDE: Membership = { role: "member", last_read_seq: 0, unread: 0, mentions: 0 };

type Change = (channel: Info["channel"]) => Partial<Info["channel"]>;

function changed(info: Info, fact: FactOf<object>, change: Change): Info {
  if (fact.seq <= info.asOf) return info;
  const channel = { ...info.channel, ...change(info.channel), head_seq: Math.max(info.channel.head_seq, fact.seq) };
  return { ...info, channel, asOf: fact.seq };
}

/** What one has read; never back. `unread`: what is left then. */
export function read(info: Info, seq: number, unread: number): Info {
  const { membership } = info.channel;
  if (seq <= membership.last_read_seq) return info;
  return { ...info, channel: { ...info.channel, membership: { ...membership, last_read_seq: seq, unread } } };
}

export const info: Slice<Info> = {
  start(channel, was) {
    const membership = channel.membership ?? OUTSIDE;
    const known = was?.channel.membership;
    // Marked here a moment ago, and not yet in what was loaded.
    const isAhead =
      known !== undefined && was !== undefined && !was.isGone && known.last_read_seq > membership.last_read_seq;
    const unread = isAhead ? Math.min(known.unread, membership.unread) : membership.unread;
    const last_read_seq = isAhead ? known.last_read_seq : membership.last_read_seq;
    return {
      channel: { ...channel, membership: { ...membership, unread, last_read_seq } },
      asOf: channel.head_seq,
      isGone: channel.membership === null,
    };
  },

  others: (slice, fact) => changed(slice, fact, () => ({})),

  facts: {
    "message.posted": (slice, fact: FactOf<{ message: Message }>, { me }) =>
      changed(slice, fact, ({ membership }) =>
        fact.message.author_id === me || fact.seq <= membership.last_read_seq
          ? {}
          : { membership: { ...membership, unread: membership.unread + 1 } },
      ),
    "member.joined": (slice, fact: FactOf<{ user_id: number; role: Membership["role"] }>, { me }) => {
      const next = changed(slice, fact, ({ member_count, membership }) => ({
        member_count: member_count + 1,
        membership: fact.user_id === me ? { ...membership, role: fact.role } : membership,
      }));
      return next !== slice && fact.user_id === me ? { ...next, isGone: false } : next;
    },
    "member.left": (slice, fact: FactOf<{ user_id: number }>, { me }) => {
      const next = changed(slice, fact, ({ member_count }) => ({ member_count: Math.max(0, member_count - 1) }));
      return next !== slice && fact.user_id === me ? { ...next, isGone: true } : next;
    },
    "member.changed": (slice, fact: FactOf<{ user_id: number; role: Membership["role"] }>, { me }) =>
      changed(slice, fact, ({ membership }) =>
        fact.user_id === me ? { membership: { ...membership, role: fact.role } } : {},
      ),
    "channel.updated": (slice, fact: FactOf<{ channel: Channel }>) =>
      changed(slice, fact, ({ membership }) => ({ ...fact.channel, membership })),
    "channel.deleted": (slice, fact) => ({ ...changed(slice, fact, () => ({})), isGone: true }),
  },
};
