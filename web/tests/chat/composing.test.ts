import { describe, expect, test } from "vitest";
import { charactersLeft } from "../../src/chat/composer";
import { prefix, wrap, wrapCode } from "../../src/chat/composer-actions";
import { rank } from "../../src/chat/ranking";

describe("formatting", () => {
  const chosen = { text: "a word here", start: 2, end: 6 };

  test("puts marks around what is selected, and takes them away again", () => {
    const marked = wrap(chosen, "**");
    expect(marked).toEqual({ text: "a **word** here", start: 4, end: 8 });
    expect(wrap(marked, "**")).toEqual(chosen);
  });

  test("makes a block of code of several lines", () => {
    expect(wrapCode({ text: "see x\ny", start: 4, end: 7 }).text).toBe("see \n```\nx\ny\n```\n");
    expect(wrapCode(chosen).text).toBe("a `word` here");
  });

  test("begins every selected line with the mark", () => {
    expect(prefix({ text: "a\nb\nc", start: 2, end: 5 }, "> ").text).toBe("a\n> b\n> c");
  });
});

test("the limit counts code points, as the server does", () => {
  expect(charactersLeft("x".repeat(8000))).toBe(0);
  expect(charactersLeft("🚆".repeat(8000))).toBe(0);
  expect(charactersLeft("x".repeat(8001))).toBe(-1);
  expect(charactersLeft("  hi \n")).toBe(7998);
});

describe("jumping by a few letters", () => {
  test("beginnings count more than what is within, and that more than scattered letters", () => {
    const scores = ["design", "new-design", "redesign", "day is gone"].map((name) => rank(name, "design"));
    expect(scores.slice(0, 3)).toEqual(scores.slice(0, 3).toSorted((a, b) => b - a));
    expect(rank("general", "gnl")).toBeGreaterThan(0);
    expect(rank("general", "xyz")).toBe(0);
  });

  test("case and accents don't matter", () => {
    expect(rank("Érika Lindström", "erika lind")).toBeGreaterThan(0);
  });
});
