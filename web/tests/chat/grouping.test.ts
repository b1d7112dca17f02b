import { describe, expect, test } from "vitest";
import { once, placing } from "../../src/chat/grouping";
import type { Message } from "../../src/protocol/wire";
import type { Row } from "../../src/state";
import { message } from "../samples";

const ME = 1;

function row(seq: number, author: number, at: string, more: Partial<Message> = {}): Row {
  return { key: `seq ${seq}`, message: message(seq, { author_id: author, created_at: at, ...more }), pending: null };
}

const noon = (minutes: number, day = 20) => new Date(2026, 10, day, 12, minutes).toISOString();

describe("messages stand together", () => {
  const first = row(1, 2, noon(0));

  test("when one person writes on within minutes", () => {
    expect(placing(row(2, 2, noon(3)), first, ME, null).isFirst).toBe(false);
  });

  test.each([
    ["somebody else writes", row(2, 3, noon(1))],
    ["time has passed", row(2, 2, noon(6))],
    ["it answers something", row(2, 2, noon(1), { reply_to: 1 })],
    ["another day has begun", row(2, 2, noon(0, 21))],
    ["it is the system that speaks", row(2, 2, noon(1), { kind: "system" })],
  ])("but not when %s", (_, next) => {
    expect(placing(next, first, ME, null).isFirst).toBe(true);
  });
});

test("a day begins with its first message, and with the first of all", () => {
  expect(placing(row(1, 2, noon(0)), undefined, ME, null).startsDay).toBe(true);
  expect(placing(row(2, 2, noon(0, 21)), row(1, 2, noon(0)), ME, null).startsDay).toBe(true);
  expect(placing(row(2, 2, noon(1)), row(1, 2, noon(0)), ME, null).startsDay).toBe(false);
});

describe("the unread line", () => {
  const before = row(4, 2, noon(0));

  test("stands before the first message after what was read, also where seqs have gaps", () => {
    expect(placing(row(9, 2, noon(1)), before, ME, 6).startsUnread).toBe(true);
    expect(placing(row(9, 2, noon(1)), before, ME, 6).isFirst).toBe(true);
  });

  test("stands nowhere else", () => {
    expect(placing(row(9, 2, noon(1)), before, ME, null).startsUnread).toBe(false);
    expect(placing(row(9, 2, noon(1)), before, ME, 3).startsUnread).toBe(false);
    expect(placing(row(9, 2, noon(1)), before, ME, 9).startsUnread).toBe(false);
  });
});

test("a message and what stood in for it are never there together", () => {
  const message = row(4, ME, noon(0));
  const pending = { key: message.key, message: null, pending: { client_id: "c4" } } as unknown as Row;
  const other = { key: "own c5", message: null, pending: { client_id: "c5" } } as unknown as Row;

  expect(once([row(3, 2, noon(0)), message, pending, other]).map(({ key }) => key)).toEqual([
    "seq 3",
    "seq 4",
    "own c5",
  ]);
});
