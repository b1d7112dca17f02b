/** How many messages of a channel are unread, and how many of them call for one: kept by facts, never guessed.
 *
 * Law: as long as `isUncertain` is false, the counts are those of the server when the channel's head was `asOf`. What
 * each message after `since` does to them is in `effects`; about older ones only the server knows, and is asked.
 */

import type { ChannelRead, Membership, Message } from "../protocol/wire";
import { callsFor, standsInChannel } from "./deeds";

/** What the fact `seq` changed about the message `of`. */
interface Effect {
  readonly seq: number;
  readonly of: number;
  readonly unread: number;
  readonly mentions: number;
}

export interface Counts {
  readonly since: number;
  readonly effects: readonly Effect[];
  /** The last fact that changed something about an older message, which was read. */
  readonly blurredAt: number;
  readonly isUncertain: boolean;
  /** Read elsewhere, when the head was further than what came so far. */
  readonly awaited: ChannelRead | null;
  /** One's own mark that the server hasn't confirmed. */
  readonly marked: number | null;
}

export type Tally = Pick<Membership, "unread" | "mentions">;

const NONE: Tally = { unread: 0, mentions: 0 };
const MOST_EFFECTS = 500;

export const startCounts = (head: number, marked: number | null): Counts => ({
  since: head,
  effects: [],
  blurredAt: 0,
  isUncertain: false,
  awaited: null,
  marked,
});

/** What a message counts for somebody who hasn't read it. */
export function tallyOf(message: Message, me: number): Tally {
  if (message.author_id === me || message.deleted_at !== null || !standsInChannel(message)) return NONE;
  return { unread: 1, mentions: callsFor(message, me) ? 1 : 0 };
}

/** The fact `seq` says that the message `of` counts so much now. */
export function counted(
  counts: Counts,
  membership: Membership,
  seq: number,
  of: number,
  now: Tally,
): [Counts, Membership] {
  const isRead = of <= membership.last_read_seq;
  if (of <= counts.since && of !== seq) {
    if (isRead) return [{ ...counts, blurredAt: seq }, membership];
    // None counted; or it counts as before, since nobody is called for.
    const isSame = now.unread === 0 ? membership.unread === 0 : membership.mentions + now.mentions === 0;
    if (isSame) return [counts, membership];
    return [{ ...counts, isUncertain: true }, membership];
  }
  const before = sum(counts.effects.filter((one) => one.of === of));
  const effect = { seq, of, unread: now.unread - before.unread, mentions: now.mentions - before.mentions };
  if (!effect.unread && !effect.mentions) return [counts, membership];
  const next = bounded({ ...counts, effects: [...counts.effects, effect] });
  return [next, isRead ? membership : { ...membership, ...plus(membership, effect) }];
}

/** The server's word on what one has read. `asOf`: every fact up to here is in the counts. */
export function readTo(counts: Counts, membership: Membership, fact: ChannelRead, asOf: number): [Counts, Membership] {
  // One's own mark is further, and on its way there.
  if (counts.marked !== null && fact.last_read_seq < counts.marked) return [counts, membership];
  if (fact.head_seq > asOf) return [{ ...counts, awaited: fact }, membership];
  const { last_read_seq, head_seq } = fact;
  const effects = counts.effects.filter((one) => one.seq > head_seq);
  const later = sum(effects.filter((one) => one.of > last_read_seq));
  const isUncertain = counts.isUncertain || head_seq < counts.since || counts.blurredAt > head_seq;
  const next = {
    ...counts,
    since: Math.max(head_seq, counts.since),
    effects,
    isUncertain,
    awaited: null,
    marked: null,
  };
  return [next, { ...membership, last_read_seq, ...plus(fact, later) }];
}

function bounded(counts: Counts): Counts {
  if (counts.effects.length <= MOST_EFFECTS) return counts;
  const dropped = counts.effects.length >> 1;
  const since = Math.max(counts.since, counts.effects[dropped - 1]!.seq);
  return { ...counts, since, effects: counts.effects.slice(dropped) };
}

function plus(a: Tally, b: Tally): Tally {
  return { unread: Math.max(0, a.unread + b.unread), mentions: Math.max(0, a.mentions + b.mentions) };
}

const sum = (all: readonly Tally[]): Tally =>
  all.reduce((a, b) => ({ unread: a.unread + b.unread, mentions: a.mentions + b.mentions }), NONE);
