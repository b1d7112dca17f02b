/** The threads that somebody looks at: their messages, the first one first. Others aren't kept.
 *
 * Law: an open thread holds every message of it up to the channel's cursor.
 */

import type { Fact } from "../protocol/frames";
import type { AiDelta, Message } from "../protocol/wire";
import { answeredBy, deedOf } from "./deeds";
import { position } from "./messages";
import type { FactOf, Slice } from "./slice";

export type OpenThreads = ReadonlyMap<number, readonly Message[]>;

/** What was loaded, in place of what was known; what came since is behind it. */
export function opened(threads: OpenThreads, root: number, loaded: readonly Message[]): OpenThreads {
  return new Map(threads).set(root, loaded);
}

export function closed(threads: OpenThreads, root: number): OpenThreads {
  const left = new Map(threads);
  return left.delete(root) ? left : threads;
}

function put(threads: OpenThreads, message: Message): OpenThreads {
  const known = message.thread === null ? undefined : threads.get(message.thread);
  if (!known || message.thread === null) return threads;
  const at = position(known, message.seq);
  if (known[at]?.seq === message.seq) return threads;
  const root = known[0] && known[0].seq === message.thread ? [answeredBy(known[0], message.seq)] : [];
  const messages = [...root, ...known.slice(root.length, at), message, ...known.slice(at)];
  return new Map(threads).set(message.thread, messages);
}

function happened(threads: OpenThreads, fact: Fact): OpenThreads {
  const deed = threads.size ? deedOf(fact) : null;
  return deed ? each(threads, (one) => one.seq === deed.of, deed.make) : threads;
}

function said(threads: OpenThreads, { run_id, offset, text }: AiDelta): OpenThreads {
  if (!threads.size) return threads;
  return each(
    threads,
    ({ ai }) => ai?.run_id === run_id && ai.status === "running",
    (message) => {
      const known = [...message.text];
      return offset > known.length ? message : { ...message, text: known.slice(0, offset).join("") + text };
    },
  );
}

function each(
  threads: OpenThreads,
  isMeant: (message: Message) => boolean,
  make: (message: Message) => Message,
): OpenThreads {
  let next = threads;
  for (const [root, messages] of threads) {
    const at = messages.findLastIndex(isMeant);
    if (at < 0) continue;
    const made = make(messages[at]!);
    if (made !== messages[at]) next = new Map(next).set(root, messages.with(at, made));
  }
  return next;
}

export const threads: Slice<OpenThreads> = {
  start: (_, was) => was ?? new Map(),

  facts: {
    "message.posted": (slice, fact: FactOf<{ message: Message }>) => put(slice, fact.message),
    "ai.started": (slice, fact: FactOf<{ message: Message }>) => {
      const known = fact.message.thread === null ? undefined : slice.get(fact.message.thread);
      if (!known?.some(({ seq }) => seq === fact.message.seq)) return put(slice, fact.message);
      return each(
        slice,
        ({ seq }) => seq === fact.message.seq,
        () => fact.message,
      );
    },
    "ai.delta": (slice, fact: AiDelta) => said(slice, fact),
    "message.edited": happened,
    "message.deleted": happened,
    "message.pinned": happened,
    "message.unpinned": happened,
    "reaction.added": happened,
    "reaction.removed": happened,
    "ai.finished": happened,
    "ai.undone": happened,
  },
};
