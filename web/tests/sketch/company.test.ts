import { toBase64 } from "lib0/buffer";
import { expect, test } from "vitest";
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import type { Comment } from "../../src/protocol/wire";
import { threadsOf } from "../../src/sketch/comments";
import { packPoints } from "../../src/sketch/points";
import { Presence, read } from "../../src/sketch/presence";
import { readStyle } from "../../src/sketch/read-style";

const DRAFT = {
  kind: "stroke",
  color: "#e03131",
  place: [1, 2, 0, 1, 0],
  path: toBase64(packPoints([{ x: 3, y: 4, pressure: 0.5 }])),
};

/** Somebody else, whose states come over the wire. */
function company() {
  const presence = new Presence(new Y.Doc(), () => {});
  const other = new Awareness(new Y.Doc());
  const say = (state: Record<string, unknown>) => {
    other.setLocalState(state);
    applyAwarenessUpdate(presence.awareness, encodeAwarenessUpdate(other, [other.clientID]), "wire");
  };
  return { presence, say };
}

test("others are read once for each word of theirs, and what they draw stays the same object until then", () => {
  const { presence, say } = company();
  say({ draft: DRAFT });
  const [first] = presence.others();

  expect(presence.others()[0]).toBe(first);
  presence.awareness.setLocalState({ cursor: { x: 1, y: 1 } });
  expect(presence.others()[0]?.draft?.style).toBe(first!.draft!.style);

  say({ draft: DRAFT, cursor: { x: 5, y: 5 } });
  expect(presence.others()[0]).toMatchObject({ cursor: { x: 5, y: 5 } });
  presence.close();
});

test("who has left is no longer there", () => {
  const { presence, say } = company();
  say({ cursor: { x: 1, y: 1 } });
  expect(presence.others()).toHaveLength(1);
  presence.awareness.states.clear();
  presence.awareness.emit("change", [{ added: [], updated: [], removed: [7] }, "wire"]);

  expect(presence.others()).toEqual([]);
  presence.close();
});

test("the points of a draft are the bytes that were told", () => {
  expect(read(7, { draft: DRAFT }).draft?.style.points).toEqual(packPoints([{ x: 3, y: 4, pressure: 0.5 }]));
});

test.each([
  [
    { ...DRAFT, path: "%%% no base64" },
    { kind: "stroke", color: "#e03131" },
  ],
  [{ ...DRAFT, path: undefined, color: { evil: true }, text: 5, stroke_width: Number.NaN }, { kind: "stroke" }],
  [{ ...DRAFT, kind: "virus" }, undefined],
  [{ ...DRAFT, kind: "constructor" }, undefined],
  [{ ...DRAFT, place: [1, 2, "3", 1, 0] }, undefined],
  ["text", undefined],
])("of a draft that isn't one, what is wrong is left out", (draft, style) => {
  expect(read(7, { draft }).draft?.style).toEqual(style);
});

test("a style has no fields that nobody knows", () => {
  expect(readStyle({ kind: "text", text: "a", __proto__: { color: "red" }, onload: "x" })).toEqual({
    kind: "text",
    text: "a",
  });
});

const said = (id: number, thread: number | null, resolved = false): Comment => ({
  id,
  sketch_id: 1,
  thread,
  element_id: null,
  text: `${id}`,
  author_id: 1,
  created_at: "2026-01-01T00:00:00Z",
  resolved_at: resolved ? "2026-01-02T00:00:00Z" : null,
  deleted_at: null,
});

test("comments make threads, also where the first of one was deleted", () => {
  const threads = threadsOf([said(1, null), said(2, null, true), said(3, 1), said(5, 4), said(6, 4)]);

  expect(
    threads.map(({ id, first, answers, isResolved }) => [id, first?.id, answers.map((one) => one.id), isResolved]),
  ).toEqual([
    [1, 1, [3], false],
    [2, 2, [], true],
    [4, undefined, [5, 6], false],
  ]);
});
