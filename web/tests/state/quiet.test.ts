import { expect, test } from "vitest";
import { within } from "../../src/state/attention";

test.each([
  ["22:00", "07:00", "2026-11-20T22:30:00Z", true],
  ["22:00", "07:00", "2026-11-20T06:59:00Z", true],
  ["22:00", "07:00", "2026-11-20T07:00:00Z", false],
  ["09:00", "17:00", "2026-11-20T12:00:00Z", true],
  ["09:00", "17:00", "2026-11-20T18:00:00Z", false],
])("from %s to %s, %s is quiet: %s", (start, end, now, expected) => {
  expect(within({ start, end, timezone: "UTC" }, new Date(now))).toBe(expected);
});

test("by the clock of their zone", () => {
  const hours = { start: "22:00", end: "07:00", timezone: "Asia/Tokyo" };
  expect(within(hours, new Date("2026-11-20T14:00:00Z"))).toBe(true);
  expect(within(hours, new Date("2026-11-20T23:00:00Z"))).toBe(false);
});
