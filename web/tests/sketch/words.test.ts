import { expect, test } from "vitest";
import { read, thinned } from "../../src/sketch/presence";
import { turnedOver } from "../../src/sketch/tint";
import { wrap } from "../../src/sketch/words";

const measure = (text: string) => text.length;

test("lines break at spaces, and long words where they must", () => {
  expect(wrap("the quick brown fox", 9, measure)).toEqual(["the quick", "brown fox"]);
  expect(wrap("abcdefghij kl", 4, measure)).toEqual(["abcd", "efgh", "ij", "kl"]);
  expect(wrap("", 4, measure)).toEqual([""]);
});

test("nothing but the spaces at breaks is lost", () => {
  const text = "Wie man in den Wald hineinruft so schallt es heraus ".repeat(20).trim();
  for (const room of [1, 3, 7, 20])
    expect(wrap(text, room, measure).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
});

test("colours turn over, and keep their hue", () => {
  expect(turnedOver("#000000")).toBe("hsl(0 0% 100%)");
  expect(turnedOver("#fff")).toBe("hsl(0 0% 10%)");
  expect(turnedOver("#e03131")).toMatch(/^hsl\(0 /);
  expect(turnedOver("rebeccapurple")).toBe("rebeccapurple");
});

test("others' states are read as far as they make sense", () => {
  expect(read(7, {})).toMatchObject({ client: 7, userId: null, name: "Guest", cursor: null, draft: null, drag: [] });
  const odd = {
    user: { id: "x", name: 3 },
    cursor: { x: Number.NaN, y: 1 },
    draft: { place: [1] },
    drag: [["a", 1]],
    view: [1, 2, 0],
  };
  expect(read(7, odd)).toMatchObject({ userId: null, name: "Guest", cursor: null, draft: null, drag: [], view: null });
});

test("a long draft is thinned, and ends where it ends", () => {
  const points = Array.from({ length: 5_000 }, (_, x) => ({ x, y: 0, pressure: 0.5 }));

  const few = thinned(points);
  expect(few.length).toBeLessThan(430);
  expect(few.at(-1)).toBe(points.at(-1));
});
