/** Who is in a channel; null until it is loaded. */

import type { ChannelRole, Member } from "../protocol/wire";
import type { FactOf, Slice } from "./slice";

/** By user id. One whose names aren't known yet has empty ones. */
export type Members = ReadonlyMap<number, Member> | null;

type Came = FactOf<{ user_id: number; role: ChannelRole }>;

function put(members: Members, user_id: number, role: ChannelRole): Members {
  if (members === null || members.get(user_id)?.role === role) return members;
  const known = members.get(user_id) ?? { user_id, username: "", display_name: "", joined_at: "" };
  return new Map(members).set(user_id, { ...known, role });
}

export const members: Slice<Members> = {
  start: (_, was) => was ?? null,

  facts: {
    "member.joined": (slice, fact: Came) => put(slice, fact.user_id, fact.role),
    "member.changed": (slice, fact: Came) => (slice?.has(fact.user_id) ? put(slice, fact.user_id, fact.role) : slice),
    "member.left": (slice, fact: Came) => {
      if (!slice?.has(fact.user_id)) return slice;
      const left = new Map(slice);
      left.delete(fact.user_id);
      return left;
    },
  },
};
