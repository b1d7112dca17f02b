/** How long a mute or a ban lasts, in words. */

import { expect, test } from "vitest";
import { isForGood, lasting, mutedWords, TERMS, untilWords } from "../../src/order/words";
import { clockTime, dateOf } from "../../src/ui/time";

const NOW = new Date(2026, 10, 30, 12, 0);
const at = (...parts: [number, number, number, number, number]): string => new Date(...parts).toISOString();
const FOR_EVER = "9999-12-31T23:59:59Z";

test("what ends today says the time alone, and what ends later the day, too", () => {
  const [today, later] = [at(2026, 10, 30, 14, 30), at(2026, 11, 3, 14, 30)];

  expect(untilWords(today, NOW)).toBe(`until ${clockTime(today)}`);
  expect(untilWords(later, NOW)).toBe(`until ${dateOf(later)}, ${clockTime(later)}`);
});

test("what has no end names no year that nobody lives to see", () => {
  expect(isForGood(FOR_EVER)).toBe(true);
  expect(untilWords(FOR_EVER, NOW)).toBe("");
  expect(lasting(FOR_EVER)).toBe("for good");
  expect(mutedWords(FOR_EVER, undefined)).not.toMatch(/until|9999/);
});

test("who is muted reads the moderator's reason where there is one", () => {
  expect(mutedWords(FOR_EVER, "Calm down.")).toContain("Their reason: Calm down.");
  expect(mutedWords(FOR_EVER, undefined)).not.toContain("reason");
});

test("the terms grow, and the last one has no end", () => {
  const hours = TERMS.map((term) => term.hours || Number.POSITIVE_INFINITY);

  expect(hours).toEqual([...hours].sort((one, other) => one - other));
  expect(hours.at(-1)).toBe(Number.POSITIVE_INFINITY);
});
