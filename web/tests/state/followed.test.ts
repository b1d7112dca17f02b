/** What is unread in the threads one follows: by facts alone where they say enough, by asking where they don't. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Fact } from "../../src/protocol/frames";
import type { Rest } from "../../src/protocol/rest";
import type { ChannelRead, Message, Thread } from "../../src/protocol/wire";
import { Followed } from "../../src/state/followed";
import { CHANNEL, ME, ModelServer } from "./model_server";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Place {
  readonly server = new ModelServer();
  readonly asked: Record<string, unknown>[] = [];
  threads: Thread[] = [];
  readonly followed = new Followed({
    rest: {
      get: async (_: string, query: Record<string, unknown>) => {
        this.asked.push(query);
        const wanted = this.threads.filter(({ thread }) => query["thread"] === undefined || thread === query["thread"]);
        return { items: wanted, next_cursor: null };
      },
    } as unknown as Rest,
    me: () => ME,
    root: (_, thread) => this.server.messages().find(({ seq }) => seq === thread),
  });

  /** A thread of bob's that one follows, with nothing unread. */
  async open(): Promise<void> {
    this.server.post(2, "root");
    this.threads = [this.standing({ last_read_seq: 2 })];
    await this.followed.load();
  }

  standing(more: Partial<Thread>): Thread {
    const root = this.server.messages()[0] as Message;
    return { channel_id: CHANNEL, thread: root.seq, last_read_seq: 0, unread: 0, mentions: 0, root, ...more };
  }

  tell(): void {
    this.followed.hear(this.server.facts.at(-1) as Fact);
  }
}

test("a reply counts once, however often it is told, and a mention in it calls", async () => {
  const place = new Place();
  await place.open();
  place.server.answer(3, 2, { mentions: [ME] });
  place.tell();
  place.tell();
  place.server.answer(ME, 2);
  place.tell();

  expect(place.followed.unread.value).toBe(1);
  expect(place.followed.mentions.value).toBe(1);
  expect(place.asked).toHaveLength(1);
});

test("a thread that isn't one's own costs nothing, and one in which one is named is asked for", async () => {
  const place = new Place();
  await place.open();
  place.threads = [];
  await place.followed.load();
  place.server.answer(3, 2);
  place.server.answer(3, 2);
  place.tell();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(place.asked).toHaveLength(2);

  place.server.answer(3, 2, { mentions: [ME] });
  place.threads = [place.standing({ unread: 1, mentions: 1, last_read_seq: 4 })];
  place.tell();
  await vi.advanceTimersByTimeAsync(1_000);

  expect(place.asked.at(-1)).toEqual({ channel_id: CHANNEL, thread: 2 });
  expect(place.followed.mentions.value).toBe(1);
});

test("read on another device it is read here, but for what came meanwhile: that is asked for", async () => {
  const place = new Place();
  await place.open();
  place.server.answer(3, 2);
  place.tell();
  const read = { channel_id: CHANNEL, thread: 2, last_read_seq: 3, unread: 0, mentions: 0, head_seq: 3 };
  place.followed.read(read as ChannelRead);
  expect(place.followed.unread.value).toBe(0);

  place.server.answer(3, 2);
  place.tell();
  place.threads = [place.standing({ unread: 1, last_read_seq: 3 })];
  place.followed.read(read as ChannelRead);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(place.followed.unread.value).toBe(1);
});

test("a reply that is deleted before one has read it is asked for", async () => {
  const place = new Place();
  await place.open();
  place.server.answer(3, 2);
  place.tell();
  place.server.delete(3);
  place.threads = [place.standing({ last_read_seq: 2 })];
  place.tell();
  await vi.advanceTimersByTimeAsync(1_000);

  expect(place.followed.unread.value).toBe(0);
});
