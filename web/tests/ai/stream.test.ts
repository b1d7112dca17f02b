import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMarkdown } from "../../src/chat/markdown/blocks";
import { grow, mended, NOTHING } from "../../src/ai/stream";

const LINES = [
  "words and **bold",
  "ends** here",
  "- one",
  "  - two",
  "  more of it",
  "1. first",
  "2) second",
  "> said",
  "```python",
  "print(1)",
  "```",
  "~~~~",
  "| a | b |",
  "|---|---|",
  "| 1 | 2 |",
  "# Head",
  "---",
  "",
  "   ",
  "a | b",
  "--|--",
  "javascript:alert(1)",
  "[x](https://example.org)",
  "🎈 ünd",
];

/** A text, and where it was cut on its way. */
const pieces = fc
  .array(fc.oneof(fc.constantFrom(...LINES), fc.string({ maxLength: 12 })), { maxLength: 14 })
  .map((lines) => lines.join("\n"))
  .chain((text) => fc.tuple(fc.constant(text), fc.array(fc.nat({ max: text.length }), { maxLength: 12 })));

test("however a text comes, its blocks are those of the whole text", () => {
  fc.assert(
    fc.property(pieces, ([text, cuts]) => {
      let grown = NOTHING;
      for (const end of [...cuts.sort((a, b) => a - b), text.length]) {
        grown = grow(grown, text.slice(0, end));
        expect(grown.blocks).toEqual(parseMarkdown(text.slice(0, end)));
      }
    }),
    { numRuns: 1_500 },
  );
});

test("character by character, a block that is settled stays the same object", () => {
  const text = "# Plan\n\nFirst **this**.\n\n- one\n- two\n\n```js\nlet a = 1;\n```\n\nThen that.";
  let grown = NOTHING;
  for (let end = 1; end <= text.length; end++) {
    const before = grown;
    grown = grow(grown, text.slice(0, end));
    expect(grown.blocks.slice(0, before.settled)).toStrictEqual(before.blocks.slice(0, before.settled));
    for (let at = 0; at < before.settled; at++) expect(grown.blocks[at]).toBe(before.blocks[at]);
  }
  expect(grown.settled).toBe(3);
});

test("another text, or a shorter one, begins anew", () => {
  const long = grow(NOTHING, "one\n\ntwo\n\nthree\n\nfour");

  expect(grow(long, "two\n\nthree").blocks).toEqual(parseMarkdown("two\n\nthree"));
  expect(grow(long, "").blocks).toEqual([]);
});

test("a long answer costs what is new, not what is there", () => {
  const paragraph = `${"words ".repeat(40)}\n\n`;
  let text = "";
  let grown = NOTHING;
  const fresh: number[] = [];
  for (let count = 0; count < 200; count++) {
    text += paragraph;
    const before = new Set(grown.blocks);
    grown = grow(grown, text);
    fresh.push(grown.blocks.filter((block) => !before.has(block)).length);
  }

  expect(Math.max(...fresh)).toBeLessThanOrEqual(2);
});

describe("the end of what is still being written", () => {
  test.each([
    ["a **bold wo", "a **bold wo**"],
    ["a **bold**", "a **bold**"],
    ["a **", "a "],
    ["use `print(", "use `print(`"],
    ["use `", "use "],
    ["**use `pri", "**use `pri`**"],
    ["see [the tab", "see the tab"],
    ["see [the table](https://exa", "see the table"],
    ["see [the table](https://example.org)", "see [the table](https://example.org)"],
    ["```py\na ** b", "```py\na ** b"],
    ["```py\nx\n```\na **b", "```py\nx\n```\na **b**"],
    ["one\n", "one\n"],
    ["", ""],
  ])("%j", (text, shown) => {
    expect(mended(text, 0)).toBe(shown);
  });

  test("whatever is shown on the way, the blocks before it stay, and the whole comes out", () => {
    fc.assert(
      fc.property(pieces, ([text, cuts]) => {
        let grown = NOTHING;
        for (const end of cuts.sort((a, b) => a - b)) {
          grown = grow(grown, mended(text.slice(0, end), grown.length));
        }
        expect(grow(grown, text).blocks).toEqual(parseMarkdown(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
