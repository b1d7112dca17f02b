import fc from "fast-check";
import { expect, test } from "vitest";
import { initials } from "../../src/ui/avatar";
import { dayName } from "../../src/ui/time";
import { Heights } from "../../src/ui/virtual";

const heightList = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 });

function measured(list: number[]): Heights {
  const heights = new Heights();
  heights.place(
    list.map((_, index) => `k${index}`),
    () => 50,
  );
  heights.measure(list.map((height, index) => [`k${index}`, height]));
  return heights;
}

test("every place belongs to the row that covers it", () => {
  fc.assert(
    fc.property(heightList, fc.nat(), (list, offset) => {
      const heights = measured(list);
      const at = offset % heights.total;
      const index = heights.at(at);
      expect(heights.top(index)).toBeLessThanOrEqual(at);
      expect(heights.top(index + 1)).toBeGreaterThan(at);
    }),
  );
});

test("the range covers what is asked for, and the whole has the sum of all heights", () => {
  fc.assert(
    fc.property(heightList, fc.nat(2000), fc.nat(900), (list, from, length) => {
      const heights = measured(list);
      const { start, end } = heights.range(from, from + length);
      expect(heights.total).toBe(list.reduce((a, b) => a + b, 0));
      expect(heights.top(start)).toBeLessThanOrEqual(Math.min(from, heights.total));
      expect(heights.top(end)).toBeGreaterThanOrEqual(Math.min(from + length, heights.total));
    }),
  );
});

test("heights are remembered by key when rows come before them", () => {
  const heights = measured([10, 20, 30]);
  heights.place(["new", "k0", "k1", "k2"], () => 7);
  expect([0, 1, 2, 3, 4].map((index) => heights.top(index))).toEqual([0, 7, 17, 37, 67]);
});

test("a measure that says what was known is no news", () => {
  const heights = measured([10, 20]);
  expect(heights.measure([["k1", 20]])).toBe(false);
  expect(heights.measure([["k1", 21]])).toBe(true);
});

test("nothing is no trouble", () => {
  const heights = new Heights();
  expect(heights.range(0, 500)).toEqual({ start: 0, end: 0 });
  expect(heights.total).toBe(0);
});

test.each([
  ["Alice Keller", "AK"],
  ["bob", "B"],
  ["يوسف حداد", "يح"],
  ["👩‍👩‍👧 family", "👩‍👩‍👧F"],
  ["  ", "?"],
])("the initials of %j", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test("today and yesterday have names of their own", () => {
  const now = new Date(2026, 10, 20, 0, 5);
  expect(dayName(new Date(2026, 10, 20, 0, 1).toISOString(), now)).toBe("Today");
  expect(dayName(new Date(2026, 10, 19, 23, 59).toISOString(), now)).toBe("Yesterday");
  expect(dayName(new Date(2025, 10, 20).toISOString(), now)).toContain("2025");
});
