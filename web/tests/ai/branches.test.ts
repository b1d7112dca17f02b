import { expect, test } from "vitest";
import { branch, choicesFor, pathOf, treeOf } from "../../src/ai/branches";
import type { Message } from "../../src/protocol/wire";
import type { Row } from "../../src/state";

function row(seq: number, reply_to: number | null, isAnswer = false): Row {
  const message = {
    channel_id: 7,
    seq,
    author_id: isAnswer ? 9 : 1,
    kind: isAnswer ? "ai" : "text",
    text: String(seq),
    client_id: `c${seq}`,
    created_at: "2026-11-20T12:00:00Z",
    edited_at: null,
    deleted_at: null,
    reply_to,
    thread: null,
    reactions: [],
    attachments: [],
    ...(isAnswer ? { ai: { run_id: seq, status: "done", model: "m", asked_by: 1 } } : {}),
  } as unknown as Message;
  return { key: `seq ${seq}`, message, pending: null };
}

const answer = (seq: number, question: number): Row => row(seq, question, true);
const seqs = (rows: readonly Row[]) => rows.map(({ message }) => message?.seq);
const shown = (rows: readonly Row[], choices = new Map<number, number>()) => {
  const tree = treeOf(rows);
  return seqs(branch(rows, tree, pathOf(tree, choices)));
};

const straight = [row(2, null), answer(3, 2), row(4, 3), answer(5, 4)];

test("a conversation without branches is shown as it is, the very same list", () => {
  const tree = treeOf(straight);

  expect(branch(straight, tree, pathOf(tree, new Map()))).toBe(straight);
});

test("the branch where something was said last is shown, the others are a choice away", () => {
  const rows = [...straight, row(6, 3), answer(7, 6), answer(8, 2)];

  expect(shown(rows)).toEqual([2, 8]);
  expect(shown(rows, new Map([[2, 3]]))).toEqual([2, 3, 6, 7]);
  expect(shown(rows, new Map([[2, 3], [3, 4]]))).toEqual([2, 3, 4, 5]); // biome-ignore format: a pair a choice
});

test("the first question, asked in other words, is a branch from the beginning", () => {
  const rows = [...straight, row(6, 0), answer(7, 6)];

  expect(shown(rows)).toEqual([6, 7]);
  expect(shown(rows, new Map([[0, 2]]))).toEqual([2, 3, 4, 5]);
});

test("what people say beside their questions stays, whatever is chosen", () => {
  const rows = [row(2, null), answer(3, 2), row(4, null), row(5, 3), answer(6, 5), answer(7, 2)];

  expect(shown(rows)).toEqual([2, 4, 7]);
});

test("what is chosen for a message shows it, however deep it stands", () => {
  const rows = [...straight, row(6, 3), answer(7, 6), answer(8, 2)];
  const tree = treeOf(rows);

  expect(seqs(branch(rows, tree, pathOf(tree, choicesFor(tree, 5))))).toEqual([2, 3, 4, 5]);
});

test("where the beginning isn't loaded, the branch of the newest is shown as far as it is", () => {
  const rows = [row(40, 30), answer(41, 40), row(42, 12), answer(43, 42), row(44, 41), answer(45, 44)];

  expect(shown(rows)).toEqual([40, 41, 44, 45]);
});

test("a question whose answer hasn't begun is shown, and nothing is without rows", () => {
  expect(shown([...straight, row(6, 5)])).toEqual([2, 3, 4, 5, 6]);
  expect(shown([])).toEqual([]);
});

test("replies of a thread are no branches", () => {
  const reply = row(6, 3);
  const threaded = { ...reply, message: { ...reply.message, thread: 3 } } as Row;

  expect(shown([...straight, threaded])).toEqual([2, 3, 4, 5, 6]);
});
