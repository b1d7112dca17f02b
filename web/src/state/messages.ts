/** The messages of a channel that are in memory: stretches of its history, with holes between them.
 *
 * Law: a span holds every message from its `from` to its `to`. One that reaches the newest has no end: each new message
 * goes into it. What isn't in a span is loaded when somebody looks there.
 */

import type { Fact } from "../protocol/frames";
import type { AiDelta, AiStarted, Message } from "../protocol/wire";
import { answeredBy, deedOf } from "./deeds";
import type { FactOf, Slice } from "./slice";

export const NEWEST = Number.POSITIVE_INFINITY;

export interface Span {
  readonly from: number;
  readonly to: number;
  /** Ascending by seq. */
  readonly messages: readonly Message[];
}

/** Ascending; they neither touch nor overlap. */
export type Spans = readonly Span[];

export function spanAt(spans: Spans, seq: number): Span | undefined {
  return spans.find((span) => span.from <= seq && seq <= span.to);
}

export function find(spans: Spans, seq: number): Message | undefined {
  const found = spanAt(spans, seq)?.messages;
  return found?.[position(found, seq)]?.seq === seq ? found[position(found, seq)] : undefined;
}

/** The first place whose seq is not below. */
export function position(messages: readonly Message[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle] as Message).seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A piece that was just loaded, in its place; where both know a message, the loaded one counts. */
export function merge(spans: Spans, loaded: Span): Spans {
  if (loaded.to < loaded.from) return spans;
  const apart = spans.filter((span) => span.to < loaded.from - 1 || span.from > loaded.to + 1);
  const touching = spans.filter((span) => !apart.includes(span));
  const outside = touching.flatMap((span) => span.messages).filter(({ seq }) => seq < loaded.from || seq > loaded.to);
  const joined: Span = {
    from: Math.min(loaded.from, ...touching.map((span) => span.from)),
    to: Math.max(loaded.to, ...touching.map((span) => span.to)),
    messages: [...outside, ...loaded.messages].sort((a, b) => a.seq - b.seq),
  };
  return [...apart, joined].sort((a, b) => a.from - b.from);
}

/** Keeps at most so many around a seq, a page of the newest, and nothing else. */
export function trim(spans: Spans, around: number, most: number, page: number): Spans {
  const live = spans.at(-1)?.to === NEWEST ? spans.at(-1) : undefined;
  const kept = spanAt(spans, around) ?? live;
  const trimmed = kept ? [keep(kept, around, most)] : [];
  if (live && kept !== live) trimmed.push(keep(live, NEWEST, page));
  const isSame = trimmed.length === spans.length && trimmed.every((span, index) => span === spans[index]);
  return isSame ? spans : trimmed;
}

function keep(span: Span, around: number, most: number): Span {
  const excess = span.messages.length - most;
  if (excess <= 0) return span;
  const first = Math.min(Math.max(0, position(span.messages, around) - (most >> 1)), excess);
  return cut(span, first, first + most);
}

function cut(span: Span, start: number, end: number): Span {
  const messages = span.messages.slice(start, end);
  const before = span.messages[start - 1];
  const after = span.messages[end];
  return {
    from: before ? before.seq + 1 : span.from,
    to: after ? after.seq - 1 : span.to,
    messages,
  };
}

function posted(spans: Spans, message: Message): Spans {
  const span = spanAt(spans, message.seq);
  // Loaded before its fact came: that version may be newer, and what made it so follows.
  if (!span || find(spans, message.seq)) return spans;
  const newest = span.messages.at(-1)?.seq ?? 0;
  const messages = message.seq > newest ? [...span.messages, message] : inserted(span.messages, message);
  return spans.map((one) => (one === span ? { ...span, messages } : one));
}

function inserted(messages: readonly Message[], message: Message): readonly Message[] {
  return messages.toSpliced(position(messages, message.seq), 0, message);
}

/** Another version of a message that is in memory. */
export function replaced(spans: Spans, message: Message): Spans {
  return changed(spans, message.seq, () => message);
}

/** For the reducers of whatever happens to a message. */
export function changed(spans: Spans, seq: number, change: (message: Message) => Message): Spans {
  const span = spanAt(spans, seq);
  if (!span || !find(spans, seq)) return spans;
  const at = position(span.messages, seq);
  const next = change(span.messages[at] as Message);
  if (next === span.messages[at]) return spans;
  const messages = span.messages.with(at, next);
  return spans.map((one) => (one === span ? { ...span, messages } : one));
}

/** An answer is posted when it begins, and comes once more when it goes on. */
function answered(spans: Spans, message: Message): Spans {
  return find(spans, message.seq) ? replaced(spans, message) : posted(spans, message);
}

/** A piece of an answer under way: behind what is there, or from the start. One that doesn't fit is left out; the whole follows. */
function said(spans: Spans, { run_id, offset, text }: AiDelta): Spans {
  const message = spans.at(-1)?.messages.findLast(({ ai }) => ai?.run_id === run_id);
  if (message?.ai?.status !== "running") return spans;
  const known = [...message.text];
  if (offset > known.length) return spans;
  return replaced(spans, { ...message, text: known.slice(0, offset).join("") + text });
}

/** Whatever happens to a message that is in memory. */
function happened(spans: Spans, fact: Fact): Spans {
  const deed = deedOf(fact);
  return deed ? changed(spans, deed.of, deed.make) : spans;
}

function postedAnywhere(spans: Spans, message: Message): Spans {
  const there = posted(spans, message);
  return message.thread === null ? there : changed(there, message.thread, (root) => answeredBy(root, message.seq));
}

export const messages: Slice<Spans> = {
  start: (_, was) => was ?? [],

  facts: {
    "message.posted": (slice, fact: FactOf<{ message: Message }>) => postedAnywhere(slice, fact.message),
    "message.edited": happened,
    "message.deleted": happened,
    "message.pinned": happened,
    "message.unpinned": happened,
    "reaction.added": happened,
    "reaction.removed": happened,
    "ai.started": (slice, fact: AiStarted) => answered(slice, fact.message),
    "ai.finished": happened,
    "ai.undone": happened,
    "ai.delta": (slice, fact: AiDelta) => said(slice, fact),
  },
};
