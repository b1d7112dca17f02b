import { expect, test } from "vitest";
import type { Fact } from "../../src/protocol/frames";
import type { Channel, Message } from "../../src/protocol/wire";
import { Cell } from "../../src/state/cell";
import { messages, NEWEST, type Spans } from "../../src/state/messages";
import { message } from "../samples";

const context = { me: 1, now: 0 };

const answer = (text: string, status: "running" | "done"): Message =>
  message(3, { kind: "ai", text, ai: { run_id: 5, status, model: "m", asked_by: 1 } });
const hear = (spans: Spans, fact: { type: string } & Record<string, unknown>): Spans =>
  (messages.facts[fact.type] as (slice: Spans, fact: unknown, context: unknown) => Spans)(spans, fact, context);
const delta = (offset: number, text: string) => ({ type: "ai.delta", channel_id: 7, run_id: 5, offset, text });
const shown = (spans: Spans) => spans.at(-1)?.messages.map(({ text }) => text);

const before: Spans = [{ from: 1, to: NEWEST, messages: [message(1), message(2)] }];
const begun = hear(before, { type: "ai.started", channel_id: 7, seq: 3, run_id: 5, message: answer("", "running") });

test("an answer appears when it begins, and grows by its pieces, in code points", () => {
  const grown = [delta(0, "Grüße 🎈"), delta(7, " an"), delta(10, " alle")].reduce(hear, begun);

  expect(shown(grown)).toEqual(["text 1", "text 2", "Grüße 🎈 an alle"]);
});

test("pieces that come twice, from the start again, or too early change nothing for the worse", () => {
  const grown = [delta(0, "one"), delta(0, "one"), delta(3, " two"), delta(0, "one two"), delta(99, "lost")].reduce(
    hear,
    begun,
  );

  expect(shown(grown)?.at(-1)).toBe("one two");
});

test("the whole answer takes the place of its pieces, and no late piece is put behind it", () => {
  const ended = hear(hear(begun, delta(0, "on")), {
    type: "ai.finished",
    channel_id: 7,
    seq: 4,
    run_id: 5,
    message: answer("one two three", "done"),
  });

  expect(shown(hear(ended, delta(2, "e two")))?.at(-1)).toBe("one two three");
});

test("a message that was deleted keeps its place, and nothing of its text", () => {
  const fact = {
    type: "message.deleted",
    channel_id: 7,
    seq: 9,
    message_seq: 2,
    by: 1,
    deleted_at: "2026-11-20T13:00:00Z",
  };

  expect(hear(before, fact).at(-1)?.messages[1]).toEqual(message(2, { text: "", deleted_at: fact.deleted_at }));
});

const channelOf = (head_seq: number) => ({ id: 7, head_seq, membership: { last_read_seq: 0 } }) as unknown as Channel;
const heardBy = (cell: Cell, ...facts: object[]) => cell.hear(facts as Fact[], context);
const load = (cell: Cell, message: Message) =>
  cell.load(
    async () => message,
    (state, loaded) => ({
      ...state,
      slices: { ...state.slices, messages: [{ from: 1, to: NEWEST, messages: [loaded] }] },
    }),
    () => context,
  );
const saidIn = (cell: Cell) => cell.state?.slices.messages.at(-1)?.messages.at(-1)?.text;

test("what was said before the message was loaded is in it, and what comes then goes on", async () => {
  const cell = new Cell(7);
  heardBy(cell, delta(0, "one"));
  cell.begin(channelOf(3));
  heardBy(cell, delta(3, " two"));

  await load(cell, answer("", "running"));
  heardBy(cell, delta(7, " three"));

  expect(saidIn(cell)).toBe("one two three");
  expect(cell.unheard).toEqual([]);
});

test("an answer whose beginning never came is asked for, and goes on from the server's word", async () => {
  const cell = new Cell(7);
  cell.begin(channelOf(3));
  await load(cell, answer("", "running"));
  heardBy(cell, delta(3, " two"));

  expect(cell.unheard).toEqual([5]);
  cell.tell(5, answer("one", "running"), context);
  expect(saidIn(cell)).toBe("one two");
  heardBy(cell, delta(7, " three"));
  cell.tell(5, answer("one", "running"), context);

  expect(saidIn(cell)).toBe("one two three");
  expect(cell.unheard).toEqual([]);
});
