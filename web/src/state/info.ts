/** The channel itself: its names, its size, and one's own place in it. */

import type {
  Channel,
  ChannelRead,
  Membership,
  MembershipMuted,
  MembershipUpdated,
  Message,
  MessageDeleted,
} from "../protocol/wire";
import { type Counts, counted, readTo, startCounts, type Tally, tallyOf } from "./counts";
import type { FactOf, Slice } from "./slice";

export interface Info {
  readonly channel: Channel & { readonly membership: Membership };
  /** Every fact up to here is in it. */
  readonly asOf: number;
  /** One has left, or was removed, or it was deleted. */
  readonly isGone: boolean;
  readonly counts: Counts;
}

const OUTSIDE: Membership = { role: "member", last_read_seq: 0, unread: 0, mentions: 0 };
const NONE: Tally = { unread: 0, mentions: 0 };

type Change = (channel: Info["channel"]) => Partial<Info["channel"]>;

function changed(info: Info, fact: FactOf<object>, change: Change): Info {
  if (fact.seq <= info.asOf) return info;
  const channel = { ...info.channel, ...change(info.channel), head_seq: Math.max(info.channel.head_seq, fact.seq) };
  return caughtUp({ ...info, channel, asOf: fact.seq });
}

/** What was read elsewhere, up to a head that is reached now. */
function caughtUp(info: Info): Info {
  const { awaited } = info.counts;
  return awaited && awaited.head_seq <= info.asOf ? marked(info, awaited) : info;
}

function marked(info: Info, fact: ChannelRead): Info {
  const [counts, membership] = readTo(info.counts, info.channel.membership, fact, info.asOf);
  return { ...info, counts, channel: { ...info.channel, membership } };
}

/** A fact that changes what a message counts. */
function tallied(info: Info, fact: FactOf<object>, of: number, now: Tally): Info {
  if (fact.seq <= info.asOf) return info;
  const [counts, membership] = counted(info.counts, info.channel.membership, fact.seq, of, now);
  return changed({ ...info, counts }, fact, () => ({ membership }));
}

/** Read here, up to a seq; never back. `left`: what is unread then. */
export function read(info: Info, seq: number, left: Tally): Info {
  const { membership } = info.channel;
  if (seq <= membership.last_read_seq) return info;
  const channel = { ...info.channel, membership: { ...membership, last_read_seq: seq, ...left } };
  return { ...info, channel, counts: { ...info.counts, marked: seq } };
}

/** The server has answered one's mark: from now on its word counts. */
export function confirmed(info: Info, seq: number | null): Info {
  if (info.counts.marked === null || (seq !== null && info.counts.marked > seq)) return info;
  return { ...info, counts: { ...info.counts, marked: null } };
}

export const info: Slice<Info> = {
  start(channel, was) {
    const membership = channel.membership ?? OUTSIDE;
    const known = was?.channel.membership;
    const mark = was && !was.isGone ? was.counts.marked : null;
    // Marked here a moment ago, and not yet in what was loaded.
    const isAhead = known !== undefined && mark !== null && mark > membership.last_read_seq;
    const here: Membership = isAhead
      ? {
          ...membership,
          last_read_seq: known.last_read_seq,
          unread: Math.min(known.unread, membership.unread),
          mentions: Math.min(known.mentions, membership.mentions),
        }
      : membership;
    const awaited = was?.counts.awaited ?? null;
    const counts = { ...startCounts(channel.head_seq, isAhead ? mark : null), awaited };
    const asOf = channel.head_seq;
    return caughtUp({
      channel: { ...channel, membership: here },
      asOf,
      isGone: channel.membership === null,
      counts: awaited && awaited.head_seq <= asOf ? { ...counts, awaited: null } : counts,
    });
  },

  others: (slice, fact) => changed(slice, fact, () => ({})),

  facts: {
    "message.posted": (slice, fact: FactOf<{ message: Message }>, { me }) =>
      tallied(slice, fact, fact.seq, tallyOf(fact.message, me)),
    "message.edited": (slice, fact: FactOf<{ message: Message }>, { me }) =>
      tallied(slice, fact, fact.message.seq, tallyOf(fact.message, me)),
    "message.deleted": (slice, fact: MessageDeleted) => tallied(slice, fact, fact.message_seq, NONE),
    // An answer is posted by its first; another one says that it goes on.
    "ai.started": (slice, fact: FactOf<{ message: Message }>, { me }) =>
      fact.message.seq === fact.seq
        ? tallied(slice, fact, fact.seq, tallyOf(fact.message, me))
        : changed(slice, fact, () => ({})),
    "channel.read": (slice, fact: ChannelRead) => (fact.thread === undefined ? marked(slice, fact) : slice),
    "membership.updated": (slice, { notifications }: MembershipUpdated) => {
      const { notifications: _, ...rest } = slice.channel.membership;
      const membership = notifications === null ? rest : { ...rest, notifications };
      return { ...slice, channel: { ...slice.channel, membership } };
    },
    "membership.muted": (slice, { until, reason }: MembershipMuted) => {
      const { muted_until: _, mute_reason: __, ...rest } = slice.channel.membership;
      const muted = until === null ? {} : { muted_until: until, ...(reason ? { mute_reason: reason } : {}) };
      return { ...slice, channel: { ...slice.channel, membership: { ...rest, ...muted } } };
    },
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
    "channel.updated": (slice, fact: FactOf<{ channel: Channel }>) => {
      if (fact.seq <= slice.asOf) return slice;
      const { archived_at, slow_seconds, post_role, ...rest } = slice.channel;
      return changed({ ...slice, channel: rest }, fact, ({ membership }) => ({ ...fact.channel, membership }));
    },
    "channel.deleted": (slice, fact) => ({ ...changed(slice, fact, () => ({})), isGone: true }),
  },
};
