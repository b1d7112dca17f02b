import { expect, test } from "vitest";

test("tests run without a browser", () => {
  expect(typeof globalThis.document).toBe("undefined");
});
