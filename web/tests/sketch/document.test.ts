import { expect, test } from "vitest";
import * as Y from "yjs";
import { rerouted } from "../../src/sketch/connect";
import { SketchDocument } from "../../src/sketch/document";
import type { Style } from "../../src/sketch/elements";
import { packPoints } from "../../src/sketch/points";
import { points, toBoard } from "../../src/sketch/geometry";

const box: Style = { kind: "rectangle", width: 100, height: 50 };

/** Two documents that tell each other everything at once. */
function pair(): [SketchDocument, SketchDocument] {
  const both: [SketchDocument, SketchDocument] = [new SketchDocument(), new SketchDocument()];
  for (const [one, other] of [both, [both[1], both[0]]] as const) {
    one.doc.on(
      "update",
      (update: Uint8Array, origin: unknown) => origin !== "wire" && Y.applyUpdate(other.doc, update, "wire"),
    );
  }
  return both;
}

test("what one draws the other has, in the same order", () => {
  const [ada, bob] = pair();
  const first = ada.add(box, { x: 0, y: 0 });
  const second = bob.add(box, { x: 500, y: 0 });
  ada.raise(new Set([first]), "front");

  for (const each of [ada, bob]) expect(each.ordered().map(({ id }) => id)).toEqual([second, first]);
});

test("undo takes back only one's own, as whole steps, whatever came between", () => {
  const [ada, bob] = pair();
  const mine = ada.add(box, { x: 0, y: 0 });
  const theirs = bob.add(box, { x: 300, y: 0 });
  ada.rewrite([[mine, { style: { ...box, color: "#e03131" }, place: [50, 60, 0, 1, 1] }]]);

  ada.undo();
  expect(ada.get(mine)).toMatchObject({ style: box, place: [0, 0, 0, 1, 1] });
  ada.undo();
  expect(bob.ordered().map(({ id }) => id)).toEqual([theirs]);
  ada.redo();
  expect(bob.get(mine)?.style).toEqual(box);
});

test("a move and a recolouring at once both stay", () => {
  const [ada, bob] = [new SketchDocument(), new SketchDocument()];
  const id = ada.add(box, { x: 0, y: 0 });
  Y.applyUpdate(bob.doc, Y.encodeStateAsUpdate(ada.doc));
  ada.restyle([id], () => ({ color: "#2f9e44" }));
  bob.place(new Map([[id, { x: 70 }]]));
  Y.applyUpdate(ada.doc, Y.encodeStateAsUpdate(bob.doc));
  Y.applyUpdate(bob.doc, Y.encodeStateAsUpdate(ada.doc));

  for (const each of [ada, bob])
    expect(each.get(id)).toMatchObject({ style: { color: "#2f9e44" }, place: [70, 0, 0, 1, 1] });
});

test("a field that is set to undefined is gone", () => {
  const document = new SketchDocument();
  const id = document.add({ ...box, group: "g" }, { x: 0, y: 0 });
  document.restyle([id], () => ({ group: undefined }));

  expect(Object.keys(document.get(id)!.style)).not.toContain("group");
});

test("listeners hear what changed, and where it was and is", () => {
  const document = new SketchDocument();
  const id = document.add(box, { x: 0, y: 0 });
  const heard: unknown[] = [];
  document.listen(({ changed, boxes }) => heard.push([[...changed], boxes.map(({ left }) => left)]));

  document.place(new Map([[id, { x: 1_000 }]]));
  document.remove([id]);

  expect(heard).toEqual([
    [[id], [-1, 999]],
    [[id], [999]],
  ]);
});

test("whatever is in a group is taken together", () => {
  const document = new SketchDocument();
  const [one, two] = [
    document.add({ ...box, group: "g" }, { x: 0, y: 0 }),
    document.add({ ...box, group: "g" }, { x: 9, y: 9 }),
  ];
  document.add(box, { x: 0, y: 0 });

  expect(document.withGroups([one])).toEqual(new Set([one, two]));
});

test("an arrow follows the elements that it holds on to", () => {
  const document = new SketchDocument();
  const [from, to] = [document.add(box, { x: 0, y: 0 }), document.add(box, { x: 300, y: 0 })];
  const ends = packPoints([
    { x: 0, y: 0, pressure: 0.5 },
    { x: 200, y: 0, pressure: 0.5 },
  ]);
  const arrow = document.add({ kind: "arrow", points: ends, start: from, end: to }, { x: 100, y: 25 });

  const { style, place } = rerouted(document, new Map([[to, [300, 400, 0, 1, 2]]])).get(arrow)!;
  const [start, end] = points(style).map((point) => toBoard(style, place, point)) as [
    { x: number; y: number },
    { x: number; y: number },
  ];

  expect(start.y).toBeGreaterThan(50); // it leaves at the bottom now
  expect(end.y).toBeLessThan(400);
  expect(end.x).toBeGreaterThan(300);
});
