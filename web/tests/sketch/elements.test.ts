import { expect, test } from "vitest";
import { newId, packPoints, type Point, unpackPoints } from "../../src/sketch/elements";

const near = (one: readonly Point[], other: readonly Point[], by: number) =>
  one.every(({ x, y }, at) => Math.abs(x - other[at]!.x) <= by && Math.abs(y - other[at]!.y) <= by);

test("points come back within a sixteenth of a pixel, however long the stroke", () => {
  const points = Array.from({ length: 5_000 }, (_, at) => ({
    x: Math.sin(at) * 900,
    y: at * 0.37,
    pressure: (at % 256) / 255,
  }));

  const back = unpackPoints(packPoints(points));

  expect(back.length).toBe(points.length);
  expect(near(points, back, 1 / 16 + 1e-9)).toBe(true); // errors of steps don't add up
  expect(back.map(({ pressure }) => Math.round(pressure * 255))).toEqual(
    points.map(({ pressure }) => Math.round(pressure * 255)),
  );
});

test("a step too long for sixteen bits becomes several, and ends where it should", () => {
  const back = unpackPoints(
    packPoints([
      { x: 0, y: 0, pressure: 1 },
      { x: 20_000, y: -9_000, pressure: 1 },
    ]),
  );

  expect(back.length).toBeGreaterThan(2);
  expect(back.at(-1)).toEqual({ x: 20_000, y: -9_000, pressure: 1 });
});

test("a point is five bytes, and there are at most ten thousand", () => {
  const many = Array.from({ length: 12_000 }, (_, at) => ({ x: at, y: 0, pressure: 0.5 }));

  expect(packPoints(many.slice(0, 7)).byteLength).toBe(35);
  expect(packPoints(many).byteLength).toBe(50_000);
});

test("bytes that are cut off give the points that are whole", () => {
  expect(
    unpackPoints(
      packPoints([
        { x: 1, y: 2, pressure: 0 },
        { x: 3, y: 4, pressure: 0 },
      ]).subarray(0, 8),
    ),
  ).toHaveLength(1);
});

test("ids are those that the server takes, and differ", () => {
  const ids = new Set(Array.from({ length: 1_000 }, newId));

  expect(ids.size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
});
