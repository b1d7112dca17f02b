import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Fault, OFFLINE } from "../../src/protocol/faults";
import type { AskFrame, OkFrame } from "../../src/protocol/frames";
import { Outbox, type OutboxEntry, type Settled } from "../../src/protocol/outbox";

/** A server that takes each `client_id` once, and loses what it is told to lose. */
class Server {
  readonly log: string[] = [];
  readonly settled: [string, Settled][] = [];
  readonly asked: string[] = [];
  /** What becomes of the next posts: in order; then all are answered. */
  readonly fates: ("lost" | "answer lost" | "never" | Fault)[] = [];
  readonly outbox: Outbox;
  readonly #waiting: ((fault: Fault) => void)[] = [];

  constructor() {
    this.outbox = new Outbox(
      (frame) => this.#take(frame),
      (entry, settled) => this.settled.push([entry.client_id, settled]),
    );
  }

  loseSocket(): void {
    this.outbox.disconnected();
    for (const fail of this.#waiting.splice(0)) fail(new Fault(OFFLINE, ""));
  }

  #take(frame: AskFrame): Promise<OkFrame> {
    const clientId = String(frame["client_id"]);
    this.asked.push(clientId);
    const fate = this.fates.shift();
    if (fate instanceof Fault) return Promise.reject(fate);
    if (fate !== "lost" && !this.log.includes(clientId)) this.log.push(clientId);
    if (fate !== undefined) return new Promise((_, reject) => this.#waiting.push(reject));
    return Promise.resolve({ type: "ok", seq: this.log.indexOf(clientId) + 1, created_at: "2026-11-20T12:00:00Z" });
  }
}

function entry(client_id: string): OutboxEntry {
  return {
    channel_id: 1,
    client_id,
    text: client_id,
    reply_to: null,
    thread: null,
    created_at: "2026-11-20T12:00:00Z",
  };
}

let server: Server;

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
});
afterEach(() => vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

test("what is written during an outage is sent when it is over, in order", async () => {
  for (const id of ["a", "b", "c"]) server.outbox.post(entry(id));
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(server.settled).toEqual([]);

  server.outbox.connected();
  await settle();

  expect(server.log).toEqual(["a", "b", "c"]);
  expect(server.settled.map(([id, { state }]) => [id, state])).toEqual([
    ["a", "sent"],
    ["b", "sent"],
    ["c", "sent"],
  ]);
});

test.each(["lost", "answer lost"] as const)(
  "%s with its socket: asked again with the same id, one message",
  async (fate) => {
    server.fates.push(fate);
    server.outbox.connected();
    server.outbox.post(entry("a"));
    await settle();
    server.loseSocket();
    await settle();
    expect(server.settled).toEqual([]);

    server.outbox.connected();
    await settle();

    expect(server.asked).toEqual(["a", "a"]);
    expect(server.log).toEqual(["a"]);
    expect(server.settled).toHaveLength(1);
  },
);

test("no answer on a socket that lives: asked again after a while, told once", async () => {
  server.fates.push("never");
  server.outbox.connected();
  server.outbox.post(entry("a"));
  await vi.advanceTimersByTimeAsync(10_001);

  expect(server.asked).toEqual(["a", "a"]);
  expect(server.settled).toHaveLength(1);
});

test("a server that is busy is asked again, not before it said, and meanwhile nothing is called failed", async () => {
  server.fates.push(new Fault("unavailable", "", { retryAfterSeconds: 3 }));
  server.outbox.connected();
  server.outbox.post(entry("a"));
  await vi.advanceTimersByTimeAsync(2_900);
  expect(server.asked).toHaveLength(1);
  expect(server.settled).toEqual([]);

  await vi.advanceTimersByTimeAsync(5_000);

  expect(server.settled.map(([, { state }]) => state)).toEqual(["sent"]);
});

test.each(["invalid", "forbidden", "not_found", "conflict", "too_large"])(
  "%s: failed, and not asked again",
  async (code) => {
    server.fates.push(new Fault(code, "why"));
    server.outbox.connected();
    server.outbox.post(entry("a"));
    await vi.advanceTimersByTimeAsync(60_000);

    expect(server.settled).toEqual([["a", { state: "failed", code, detail: "why" }]]);
    expect(server.asked).toHaveLength(1);
  },
);

test("a failed one may be sent again", async () => {
  server.fates.push(new Fault("forbidden", ""));
  server.outbox.connected();
  server.outbox.post(entry("a"));
  await settle();

  server.outbox.post(entry("a"));
  await settle();

  expect(server.settled.map(([, { state }]) => state)).toEqual(["failed", "sent"]);
});

test("handed in twice by two tabs: sent once, and each time answered", async () => {
  server.outbox.connected();
  server.outbox.post(entry("a"));
  server.outbox.post(entry("a"));
  await settle();
  server.outbox.post(entry("a"));

  expect(server.asked).toEqual(["a"]);
  expect(server.settled).toHaveLength(2);
});

test("taken back before there was a connection: never sent", async () => {
  server.outbox.post(entry("a"));
  server.outbox.discard(1, "a");
  server.outbox.connected();
  await settle();

  expect(server.asked).toEqual([]);
});

test("a hundred at once: no more on their way than the server works on", async () => {
  for (let count = 0; count < 100; count++) server.fates.push("answer lost");
  server.outbox.connected();
  for (let count = 0; count < 100; count++) server.outbox.post(entry(`m${count}`));

  expect(server.asked.length).toBeLessThanOrEqual(64);
});
