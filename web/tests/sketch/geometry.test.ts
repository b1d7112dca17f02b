import { expect, test } from "vitest";
import type { Element, Place, Style } from "../../src/sketch/elements";
import { packPoints } from "../../src/sketch/points";
import { boxOf, centre, height, isHit, ownBox, toBoard, toOwn, turn, width } from "../../src/sketch/geometry";
import { Grid } from "../../src/sketch/grid";
import { frameOf, handlesOf, resized, turned } from "../../src/sketch/handles";

const element = (style: Style, place: Place = [0, 0, 0, 1, 0]): Element => ({ id: "a", style, place });
const area = (more: Partial<Style> = {}): Style => ({ kind: "rectangle", width: 100, height: 60, ...more });

test("to the board and back is where one began, turned and scaled as it may be", () => {
  for (const place of [
    [5, -3, 0, 1, 0],
    [40, 7, 1.1, 2.5, 0],
    [-9, 2, -2.7, 0.3, 0],
  ] as Place[]) {
    const back = toOwn(area(), place, toBoard(area(), place, { x: 12, y: 34 }));

    expect(back.x).toBeCloseTo(12);
    expect(back.y).toBeCloseTo(34);
  }
});

test("an outline is hit on its line, and a filled one all over", () => {
  expect(isHit(element(area()), { x: 50, y: 30 }, 4)).toBe(false);
  expect(isHit(element(area()), { x: 2, y: 30 }, 4)).toBe(true);
  expect(isHit(element(area({ fill: "#fff" })), { x: 50, y: 30 }, 4)).toBe(true);
});

test("the corners of an ellipse and of a diamond are not of it", () => {
  for (const kind of ["ellipse", "diamond"] as const) {
    expect(isHit(element(area({ kind, fill: "#fff" })), { x: 3, y: 3 }, 1)).toBe(false);
    expect(isHit(element(area({ kind, fill: "#fff" })), { x: 50, y: 3 }, 1)).toBe(true);
  }
});

test("a stroke is hit along its way, also where it was turned", () => {
  const points = packPoints([
    { x: 0, y: 0, pressure: 0.5 },
    { x: 100, y: 0, pressure: 0.5 },
  ]);
  const stroke = element({ kind: "stroke", points }, [10, 10, Math.PI / 2, 1, 0]);

  expect(isHit(stroke, { x: 60, y: 50 }, 3)).toBe(true); // upright now, about its middle
  expect(isHit(stroke, { x: 20, y: 10 }, 3)).toBe(false);
});

test("a turned box is as large as its corners reach", () => {
  const box = boxOf(element(area({ stroke_width: 0 }), [0, 0, Math.PI / 2, 1, 0]));

  expect(width(box)).toBeCloseTo(60);
  expect(height(box)).toBeCloseTo(100);
  expect(centre(box)).toEqual({ x: expect.closeTo(50), y: expect.closeTo(30) });
});

test("the grid finds what looking at all of them finds", () => {
  const grid = new Grid<number>();
  const boxes = Array.from({ length: 400 }, (_, at) => {
    const [left, top] = [((at * 7919) % 9000) - 4500, ((at * 104729) % 9000) - 4500];
    return { left, top, right: left + (at % 40) * 90, bottom: top + (at % 17) * 300 };
  });
  for (const [at, box] of boxes.entries()) grid.put(at, box);
  for (let at = 0; at < 400; at += 3) grid.remove(at);

  for (const part of [
    boxes[5]!,
    { left: -100, top: -100, right: 50, bottom: 700 },
    { left: -1e5, top: -1e5, right: 1e5, bottom: 1e5 },
  ]) {
    const wanted = [...boxes.entries()].filter(
      ([at, box]) =>
        at % 3 && box.left <= part.right && part.left <= box.right && box.top <= part.bottom && part.top <= box.bottom,
    );
    expect([...grid.in(part)].sort((a, b) => a - b)).toEqual(wanted.map(([at]) => at));
  }
});

test("dragging a corner leaves the one opposite where it is, also when the box is turned", () => {
  for (const angle of [0, 0.7, -2]) {
    const before = element(area(), [20, 30, angle, 1, 0]);
    const fixed = toBoard(before.style, before.place, { x: 0, y: 0 });
    const { style, place } = resized([before], "se", toBoard(before.style, before.place, { x: 180, y: 90 }), false).get(
      "a",
    )!;

    expect([style.width, style.height].map((side) => Math.round(side!))).toEqual([180, 90]);
    const after = toBoard(style, place, { x: 0, y: 0 });
    expect(after.x).toBeCloseTo(fixed.x);
    expect(after.y).toBeCloseTo(fixed.y);
  }
});

test("ink keeps its proportions when it is resized", () => {
  const points = packPoints([
    { x: 0, y: 0, pressure: 0.5 },
    { x: 100, y: 50, pressure: 0.5 },
  ]);
  const { style, place } = resized([element({ kind: "stroke", points })], "se", { x: 200, y: 60 }, false).get("a")!;

  expect(place[3]).toBeCloseTo(2);
  expect(style.points).toEqual(points);
});

test("turning several together keeps their distances", () => {
  const both = [element(area()), { ...element(area(), [300, 40, 0, 1, 1]), id: "b" }];
  const middle = (one: Element) => toBoard(one.style, one.place, centre(ownBox(one.style)));
  const apart = (one: Element, other: Element) =>
    Math.hypot(middle(one).x - middle(other).x, middle(one).y - middle(other).y);

  const changed = turned(both, { x: 400, y: 50 }, turn({ x: 400, y: 50 }, 0.9, centre(frameOf(both)!.box)), false);
  const after = both.map((one) => ({ ...one, ...changed.get(one.id)! }));

  expect(after[0]!.place[2]).toBeCloseTo(0.9);
  expect(apart(after[0]!, after[1]!)).toBeCloseTo(apart(both[0]!, both[1]!));
});

test("a line has its ends for handles", () => {
  const points = packPoints([
    { x: 0, y: 0, pressure: 0.5 },
    { x: 80, y: 10, pressure: 0.5 },
  ]);

  expect(handlesOf([element({ kind: "line", points }, [5, 5, 0, 1, 0])], 1)).toEqual([
    { name: "start", at: { x: 5, y: 5 } },
    { name: "end", at: { x: 85, y: 15 } },
  ]);
});
