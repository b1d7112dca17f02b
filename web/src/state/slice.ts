/** What a reducer file is: one slice of a channel's state, and what each fact makes of it. Pure: no DOM, no network.
 *
 * Law: snapshot + facts == fresh snapshot. Whatever is loaded may already hold facts that come once more, so every
 * reducer gives the same when it sees a fact a second time.
 *
 * A new feature writes such a file, and adds one line to `slices.ts`.
 */

import type { Fact } from "../protocol/frames";
import type { Channel } from "../protocol/wire";

export interface Context {
  readonly me: number;
  /** In milliseconds. */
  readonly now: number;
}

/** A fact with the fields that its type has by docs/protocol.md. */
export type FactOf<Fields> = Fact & { readonly channel_id: number; readonly seq: number } & Fields;

// biome-ignore lint/suspicious/noExplicitAny: each reducer says which fields its own type of fact has
export type Reducers<S> = Readonly<Record<string, (slice: S, fact: any, context: Context) => S>>;

export interface Slice<S> {
  /** From a channel as it was loaded; `was` is what there was before, if the channel is loaded again. */
  start(channel: Channel, was: S | undefined): S;
  readonly facts: Reducers<S>;
  /** For lasting facts of any other type. */
  readonly others?: (slice: S, fact: FactOf<object>, context: Context) => S;
}
