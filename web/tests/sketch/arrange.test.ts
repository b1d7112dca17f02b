import fc from "fast-check";
import { expect, test } from "vitest";
import { aligned, enlarged, spread, unitsOf } from "../../src/sketch/arrange";
import type { Element } from "../../src/sketch/elements";
import { packedBox, packPoints, unpackPoints } from "../../src/sketch/points";
import { around, boxOf, toBoard } from "../../src/sketch/geometry";
import type { Changed } from "../../src/sketch/handles";

const box = (id: string, x: number, y: number, width = 40, group?: string): Element => ({
  id,
  style: { kind: "rectangle", width, height: 20, stroke_width: 0, ...(group && { group }) },
  place: [x, y, 0, 1, 0],
});
const after = (elements: readonly Element[], changed: ReadonlyMap<string, Changed>): Element[] =>
  elements.map((element) => ({ ...element, ...changed.get(element.id) }));

test("what is aligned has one side in common, and moves along no other", () => {
  const all = [box("a", 0, 0), box("b", 100, 50, 80), box("c", -30, 200)];

  expect(after(all, aligned(all, "right")).map((one) => [boxOf(one).right, one.place[1]])).toEqual([
    [180, 0],
    [180, 50],
    [180, 200],
  ]);
  expect(after(all, aligned(all, "middle")).map((one) => boxOf(one).top)).toEqual([100, 100, 100]);
});

test("a group is moved as one", () => {
  const all = [box("a", 0, 0, 40, "g"), box("b", 100, 30, 40, "g"), box("c", 500, 90)];

  expect(unitsOf(all)).toHaveLength(2);
  const now = after(all, aligned(all, "bottom"));
  expect(now[1]!.place[1] - now[0]!.place[1]).toBe(30);
  expect(boxOf(now[1]!).bottom).toBe(boxOf(now[2]!).bottom);
});

test("gaps are equal, and the outermost stay", () => {
  const all = [box("b", 90, 0), box("a", 0, 0), box("d", 400, 0, 100), box("c", 130, 0)];
  const now = after(all, spread(all, "across")).sort((one, other) => one.place[0] - other.place[0]);
  const boxes = now.map(boxOf);

  expect(now.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  const gaps = boxes.slice(1).map(({ left }, at) => left - boxes[at]!.right);
  for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0]!);
  expect([boxes[0]!.left, boxes[3]!.right]).toEqual([0, expect.closeTo(500)]);
});

test("by keys an element grows at its lower right, also when it is turned", () => {
  for (const angle of [0, 0.8]) {
    const one: Element = { ...box("a", 10, 10), place: [10, 10, angle, 1, 0] };
    const corner = toBoard(one.style, one.place, { x: 0, y: 0 });
    const { style, place } = enlarged([one], 10, 5).get("a")!;

    expect([style.width, style.height]).toEqual([expect.closeTo(50), expect.closeTo(25)]);
    expect(toBoard(style, place, { x: 0, y: 0 })).toEqual({ x: expect.closeTo(corner.x), y: expect.closeTo(corner.y) });
  }
});

test("the box of packed points is that of the points", () => {
  const point = fc.record({ x: fc.integer({ min: -9000, max: 9000 }), y: fc.integer({ min: -9000, max: 9000 }) });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (points) => {
      const packed = packPoints(points.map((at) => ({ ...at, pressure: 0.5 })));
      const wanted = around(unpackPoints(packed))!;
      const found = packedBox(packed)!;
      for (const side of ["left", "top", "right", "bottom"] as const) expect(found[side]).toBe(wanted[side]);
    }),
  );
  expect(packedBox(new Uint8Array(2))).toBeUndefined();
});
