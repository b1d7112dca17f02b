/** When a channel's pins last changed: the seq of the fact. Whoever shows them asks for them then. */

import type { FactOf, Slice } from "./slice";

const changed = (_: number, fact: FactOf<object>): number => fact.seq;

export const pins: Slice<number> = {
  start: (_, was) => was ?? 0,
  facts: {
    "message.pinned": changed,
    "message.unpinned": changed,
    "message.edited": changed,
    "message.deleted": changed,
  },
};
