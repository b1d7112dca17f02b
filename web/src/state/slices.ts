/** All that is kept of a channel, one line a slice. A feature that keeps more adds its file here. */

import type { Fact } from "../protocol/frames";
import type { Channel } from "../protocol/wire";
import { info } from "./info";
import { members } from "./members";
import { messages } from "./messages";
import { threads } from "./open_threads";
import { pins } from "./pins";
import { sketches } from "./sketch_list";
import type { Context, Slice } from "./slice";
import { typing } from "./typing";

export const slices = { info, messages, threads, pins, members, typing, sketches };

export type Slices = { readonly [Name in keyof typeof slices]: ReturnType<(typeof slices)[Name]["start"]> };

export interface ChannelState {
  readonly slices: Slices;
  /** Every fact up to here is in the slices, or was in what they were loaded from. */
  readonly cursor: number;
}

type Reducer = Slice<unknown>["facts"][string] | undefined;

const all = Object.entries(slices) as unknown as readonly (readonly [keyof Slices, Slice<unknown>])[];

/** A channel as it was loaded. With `was` it is loaded again while its facts go on: the rest stays, and so does the cursor. */
export function start(channel: Channel, was?: ChannelState): ChannelState {
  const started = all.map(([name, slice]) => [name, slice.start(channel, was?.slices[name])]);
  return { slices: Object.fromEntries(started) as Slices, cursor: was?.cursor ?? channel.head_seq };
}

/** A fact in the slices, once or again; the cursor is `take`'s. */
export function reduce(state: ChannelState, fact: Fact, context: Context): ChannelState {
  let next: Slices = state.slices;
  for (const [name, slice] of all) {
    const was = next[name];
    const others = fact.seq === undefined ? undefined : (slice.others as Reducer);
    const now = (slice.facts[fact.type] ?? others)?.(was, fact, context) ?? was;
    if (now !== was) next = { ...next, [name]: now };
  }
  return next === state.slices ? state : { ...state, slices: next };
}

/** The next fact of the log: in its place, or not at all. */
export function take(state: ChannelState, fact: Fact, context: Context): ChannelState {
  if (fact.seq === undefined) return reduce(state, fact, context);
  if (fact.seq !== state.cursor + 1) return state;
  return { ...reduce(state, fact, context), cursor: fact.seq };
}
