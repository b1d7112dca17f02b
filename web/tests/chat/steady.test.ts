import { expect, test } from "vitest";
import { isSteady } from "../../src/chat/steady";
import type { JoinedChannel } from "../../src/state";
import { ModelServer } from "../state/model_server";

const channel = new ModelServer().channel() as JoinedChannel;
const { membership } = channel;

test("what every message moves is not a change of the channel", () => {
  const moved = { ...channel, head_seq: 9, membership: { ...membership, unread: 3, mentions: 1, last_read_seq: 5 } };

  expect(isSteady(channel, moved)).toBe(true);
});

test.each<[string, Partial<JoinedChannel>]>([
  ["its name", { name: "other" }],
  ["its members", { member_count: 7 }],
  ["one's role in it", { membership: { ...membership, role: "moderator" } }],
  ["a field that isn't known yet", { topic: "new" } as object],
])("%s is one", (_, change) => {
  expect(isSteady(channel, { ...channel, ...change })).toBe(false);
});
