import { expect, test } from "vitest";
import { isRead } from "../../src/notify/read";

function state(lastRead: number, threads: Record<number, number> = {}) {
  return {
    channels: { joined: { peek: () => [{ id: 7, membership: { last_read_seq: lastRead } }] } },
    threads: {
      isFollowed: (_: number, thread: number) => thread in threads,
      unreadOf: (_: number, thread: number) => threads[thread] ?? 0,
    },
  } as never;
}

const place = (more: object = {}) => ({ path: "/c/7/41", channel_id: 7, seq: 41, thread: null, ...more });

test("a notice is taken back once its channel is read so far", () => {
  expect(isRead(state(40), place())).toBe(false);
  expect(isRead(state(41), place())).toBe(true);
  expect(isRead(state(99), place({ channel_id: 8 }))).toBe(false);
});

test("a notice of a thread goes by the thread", () => {
  const inThread = place({ thread: 12 });

  expect(isRead(state(99, { 12: 1 }), inThread)).toBe(false);
  expect(isRead(state(0, { 12: 0 }), inThread)).toBe(true);
  // Not known yet.
  expect(isRead(state(99), inThread)).toBe(false);
});

test("what is no notice of a message stays", () => {
  expect(isRead(state(99), null)).toBe(false);
  expect(isRead(state(99), { path: "/" })).toBe(false);
});
