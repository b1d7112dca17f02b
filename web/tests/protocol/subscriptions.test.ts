import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Fault, OFFLINE } from "../../src/protocol/faults";
import type { AskFrame, Fact, OkFrame } from "../../src/protocol/frames";
import { Subscriptions, WORTH_CATCHING_UP } from "../../src/protocol/subscriptions";

const CHANNEL = 7;

function fact(seq: number, channel_id = CHANNEL): Fact {
  return { type: "message.posted", channel_id, seq };
}

/** A log, and a server that answers from it when the test lets it. */
class Log {
  head: number;
  readonly heard: number[] = [];
  readonly asked: AskFrame[] = [];
  readonly resets: number[] = [];
  readonly lost: string[] = [];
  readonly following: number[] = [];
  answer: (frame: AskFrame) => Promise<OkFrame>;
  readonly subscriptions: Subscriptions;
  page = 100;

  constructor(head: number) {
    this.head = head;
    this.answer = async (frame) => this.ok(frame);
    this.subscriptions = new Subscriptions(
      (frame) => {
        this.asked.push(frame);
        return this.answer(frame);
      },
      {
        onFact: ({ seq }) => seq !== undefined && this.heard.push(seq),
        onFollowing: (_, cursor) => this.following.push(cursor),
        onReset: (_, cursor) => this.resets.push(cursor),
        onLost: (_, code) => this.lost.push(code),
      },
    );
  }

  ok(frame: AskFrame): OkFrame {
    const after = frame["after"] as number | undefined;
    if (after !== undefined && after > this.head) throw new Fault("conflict", "");
    const missed = after === undefined ? 0 : this.head - after;
    const events = Array.from({ length: Math.min(this.page, missed) }, (_, i) => fact((after as number) + 1 + i));
    return { type: "ok", channel_id: CHANNEL, epoch: "e", head_seq: this.head, events, complete: missed <= this.page };
  }

  get subscribes(): AskFrame[] {
    return this.asked.filter(({ type }) => type === "subscribe");
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

test("a channel is taken up where it was left, and nothing is told twice", async () => {
  const log = new Log(40);
  log.subscriptions.follow(CHANNEL, 38);
  log.subscriptions.connected();
  await settle();
  log.subscriptions.hear(fact(41));
  log.subscriptions.disconnected();
  log.head = 43;

  log.subscriptions.connected();
  await settle();

  expect(log.heard).toEqual([39, 40, 41, 42, 43]);
  expect(log.subscribes.map(({ after }) => after)).toEqual([38, 41]);
});

test("whatever comes while one waits for the answer belongs to before, and is heard once", async () => {
  const log = new Log(5);
  let release: () => void = () => {};
  log.answer = (frame) => new Promise((resolve) => (release = () => resolve(log.ok(frame))));
  log.subscriptions.follow(CHANNEL, 3);
  log.subscriptions.connected();
  log.subscriptions.hear(fact(4));

  release();
  await settle();

  expect(log.heard).toEqual([4, 5]);
});

test("a hole is never passed over: the channel is asked for again from before it", async () => {
  const log = new Log(10);
  log.subscriptions.follow(CHANNEL, 10);
  log.subscriptions.connected();
  await settle();
  log.head = 13;

  log.subscriptions.hear(fact(13));
  await settle();

  expect(log.heard).toEqual([11, 12, 13]);
});

test("too much to tell: the channel starts over from the newest, and says so", async () => {
  const log = new Log(WORTH_CATCHING_UP + 500);
  log.subscriptions.follow(CHANNEL, 10);
  log.subscriptions.connected();
  await settle();
  log.subscriptions.hear(fact(WORTH_CATCHING_UP + 501));

  expect(log.resets).toEqual([WORTH_CATCHING_UP + 500]);
  expect(log.heard).toEqual([WORTH_CATCHING_UP + 501]);
});

test("a seq from another life of the log: starts over", async () => {
  const log = new Log(3);
  log.subscriptions.follow(CHANNEL, 90);
  log.subscriptions.connected();
  await settle();

  expect(log.resets).toEqual([3]);
});

test.each(["not_found", "forbidden"])("%s: given up, and said", async (code) => {
  const log = new Log(3);
  log.answer = () => Promise.reject(new Fault(code, ""));
  log.subscriptions.follow(CHANNEL, 3);
  log.subscriptions.connected();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(log.lost).toEqual([code]);
  expect(log.subscribes).toHaveLength(1);
});

test("a server that is busy is asked again, not before it said", async () => {
  const log = new Log(3);
  log.answer = () => Promise.reject(new Fault("unavailable", "", { retryAfterSeconds: 5 }));
  log.subscriptions.follow(CHANNEL, 1);
  log.subscriptions.connected();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(log.subscribes).toHaveLength(1);

  log.answer = async (frame) => log.ok(frame);
  await vi.advanceTimersByTimeAsync(200);

  expect(log.heard).toEqual([2, 3]);
});

test("hundreds of channels are asked for a few at a time", async () => {
  const log = new Log(1);
  const waiting: (() => void)[] = [];
  log.answer = (frame) => new Promise((resolve) => waiting.push(() => resolve(log.ok(frame))));
  for (let channelId = 1; channelId <= 300; channelId++) log.subscriptions.follow(channelId, 1);
  log.subscriptions.connected();
  expect(waiting.length).toBeLessThanOrEqual(16);

  for (let next = waiting.shift(); next; next = waiting.shift()) {
    next();
    await settle();
  }

  expect(new Set(log.subscribes.map(({ channel_id }) => channel_id)).size).toBe(300);
});

test("over any losses, delays and sizes: every fact once, in order", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("post" as const), count: fc.integer({ min: 1, max: 250 }) }),
    fc.constant({ kind: "lose" as const }),
    fc.constant({ kind: "drop" as const }),
    fc.constant({ kind: "repeat" as const }),
    fc.constant({ kind: "settle" as const }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
      const log = new Log(0);
      log.page = 1_000;
      log.subscriptions.follow(CHANNEL, 0);
      log.subscriptions.connected();
      await settle();
      let isOnline = true;
      for (const one of steps) {
        if (one.kind === "post") {
          for (let count = 0; count < one.count; count++) {
            log.head += 1;
            if (isOnline) log.subscriptions.hear(fact(log.head));
          }
        } else if (one.kind === "lose") {
          isOnline = !isOnline;
          if (isOnline) log.subscriptions.connected();
          else log.subscriptions.disconnected();
        } else if (one.kind === "drop") log.head += 1;
        else if (one.kind === "repeat") log.subscriptions.hear(fact(Math.max(1, log.head - 1)));
        else await settle();
      }
      if (!isOnline) log.subscriptions.connected();
      await settle();
      log.head += 1;
      log.subscriptions.hear(fact(log.head));
      await settle();

      if (!log.resets.length) expect(log.heard).toEqual(Array.from({ length: log.head }, (_, i) => i + 1));
      else expect(Math.max(log.heard.at(-1) ?? 0, log.resets.at(-1) ?? 0)).toBe(log.head);
    }),
    {
      numRuns: 200,
      examples: [[[{ kind: "drop" }, ...Array(5).fill({ kind: "post", count: 200 }), { kind: "post", count: 1 }]]],
    },
  );
});

test("an answer for a socket that is gone changes nothing", async () => {
  const log = new Log(5);
  let fail: () => void = () => {};
  log.answer = () => new Promise((_, reject) => (fail = () => reject(new Fault(OFFLINE, ""))));
  log.subscriptions.follow(CHANNEL, 2);
  log.subscriptions.connected();
  log.subscriptions.disconnected();
  fail();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log.subscribes).toHaveLength(1);

  log.answer = async (frame) => log.ok(frame);
  log.subscriptions.connected();
  await settle();

  expect(log.heard).toEqual([3, 4, 5]);
});
