/** Who is writing: user id -> until when that is believed, in milliseconds. */

import type { Fact } from "../protocol/frames";
import type { Message } from "../protocol/wire";
import type { FactOf, Slice } from "./slice";

export type Typing = ReadonlyMap<number, number>;

export const TYPING_MILLISECONDS = 5_000;

function without(typing: Typing, isOver: (userId: number, until: number) => boolean): Typing {
  const left = [...typing].filter(([userId, until]) => !isOver(userId, until));
  return left.length === typing.size ? typing : new Map(left);
}

/** Without those who have stopped. */
export function expired(typing: Typing, now: number): Typing {
  return without(typing, (_, until) => until <= now);
}

export const typing: Slice<Typing> = {
  start: (_, was) => was ?? new Map(),

  facts: {
    typing: (slice, fact: Fact & { user_id: number }, { me, now }) =>
      fact.user_id === me ? slice : new Map(slice).set(fact.user_id, now + TYPING_MILLISECONDS),
    "message.posted": (slice, fact: FactOf<{ message: Message }>) =>
      without(slice, (userId) => userId === fact.message.author_id),
    "member.left": (slice, fact: FactOf<{ user_id: number }>) => without(slice, (userId) => userId === fact.user_id),
  },
};
