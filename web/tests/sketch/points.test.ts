import fc from "fast-check";
import { expect, test } from "vitest";
import { packPoints, type Point, unpackPoints } from "../../src/sketch/points";

const near = (one: readonly Point[], other: readonly Point[], by: number) =>
  one.every(({ x, y }, at) => Math.abs(x - other[at]!.x) <= by && Math.abs(y - other[at]!.y) <= by);

const inBytes = (points: readonly Point[]) => points.map(({ pressure }) => Math.round(pressure * 255));

test("points come back within a sixteenth of a pixel, however long the stroke", () => {
  const points = Array.from({ length: 5_000 }, (_, at) => ({
    x: Math.sin(at) * 900,
    y: at * 0.37,
    pressure: (at % 256) / 255,
  }));

  const back = unpackPoints(packPoints(points));

  expect(back.length).toBe(points.length);
  expect(near(points, back, 1 / 16 + 1e-9)).toBe(true); // errors of steps don't add up
  expect(inBytes(back)).toEqual(inBytes(points));
});

test("any points come back, with their pressures or with the one that all have", () => {
  const far = fc.double({ min: -2000, max: 2000, noNaN: true });
  const pressure = fc.double({ min: 0, max: 1, noNaN: true });
  const point = fc.record({ x: far, y: far, pressure });
  fc.assert(
    fc.property(fc.array(point), fc.option(pressure), (points, shared) => {
      const given = points.map((one) => (shared === null ? one : { ...one, pressure: shared }));

      const back = unpackPoints(packPoints(given));

      expect(back.length).toBe(given.length);
      expect(near(given, back, 1 / 16 + 1e-9)).toBe(true);
      expect(inBytes(back)).toEqual(inBytes(given));
    }),
  );
});

test("what one end packs the other reads: the bytes are those of the server's tests", () => {
  const own = [
    { x: 0, y: 0, pressure: 128 / 255 },
    { x: 5, y: 5, pressure: 1 },
  ];
  const even = own.map((point) => ({ ...point, pressure: 128 / 255 }));

  expect(Array.from(packPoints(own))).toEqual([0, 0, 0, 0x80, 2, 80, 80, 0xfe, 1]);
  expect(Array.from(packPoints(even))).toEqual([0x81, 1, 0, 0, 80, 80]);
  expect(packPoints([])).toHaveLength(0);
});

test("a long step becomes several, and ends where it should", () => {
  const back = unpackPoints(
    packPoints([
      { x: 0, y: 0, pressure: 1 },
      { x: 20_000, y: -9_000, pressure: 1 },
    ]),
  );

  expect(back.length).toBeGreaterThan(2);
  expect(back.at(-1)).toEqual({ x: 20_000, y: -9_000, pressure: 1 });
});

test("there are at most ten thousand", () => {
  const many = Array.from({ length: 12_000 }, (_, at) => ({ x: at, y: 0, pressure: 0.5 }));

  expect(unpackPoints(packPoints(many))).toHaveLength(10_000);
});

test("bytes that are cut off, or aren't points, give the points that are whole", () => {
  const packed = packPoints([
    { x: 1, y: 2, pressure: 0 },
    { x: 3, y: 400, pressure: 0 },
  ]);

  expect(unpackPoints(packed.subarray(0, packed.length - 1))).toHaveLength(1);
  expect(unpackPoints(packed.subarray(0, 2))).toHaveLength(0);
  expect(unpackPoints(new Uint8Array(9).fill(255))).toHaveLength(0);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) =>
      unpackPoints(bytes).every(({ x, y, pressure }) => Number.isFinite(x + y) && pressure >= 0 && pressure <= 1),
    ),
  );
});
