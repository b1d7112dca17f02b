import { expect, test } from "vitest";
import { pieces } from "../../src/search/highlight";
import { offers } from "../../src/search/operators";

const SOURCES = {
  people: [
    { username: "bob", display_name: "Bob Okafor" },
    { username: "carol", display_name: "Carol" },
  ],
  channels: ["workshop", "the cellar", "trips"],
};
const offered = (q: string) => offers(q, SOURCES, "2026-11-20").map((one) => one.q);

test("what was found is cut out of the highlight, and a sign without its end harms nothing", () => {
  expect(pieces("the \ue000kiln\ue001 is \ue000here")).toEqual([
    { text: "the ", isFound: false },
    { text: "kiln", isFound: true },
    { text: " is ", isFound: false },
    { text: "here", isFound: true },
  ]);
  expect(pieces("")).toEqual([]);
});

test.each([
  ["kiln fr", ["kiln from:"]],
  ["kiln from:b", ["kiln from:bob "]],
  ["from:okafor", ["from:bob "]],
  ["in:t", ["in:trips "]],
  ["has:", ["has:link ", "has:file ", "has:sketch "]],
  ["after:", ["after:2026-11-20 "]],
  ["kiln ", []],
  ["kiln", []],
  ["from:bob", []],
  ["https://example.org", []],
])("after %s it offers %s", (q, expected) => {
  expect(offered(q)).toEqual(expected);
});
