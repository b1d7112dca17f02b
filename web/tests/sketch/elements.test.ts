import { expect, test } from "vitest";
import { newId } from "../../src/sketch/elements";

test("ids are those that the server takes, and differ", () => {
  const ids = new Set(Array.from({ length: 1_000 }, newId));

  expect(ids.size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
});
