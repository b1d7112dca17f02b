import { expect, test } from "vitest";
import { EMOJI, find, GROUPS, nameOf, search, withTone } from "../../src/emoji/data";

test("each emoji has a group that is shown and a name, and none is there twice", () => {
  const groups = new Set(GROUPS.map(({ group }) => group));
  expect(EMOJI.length).toBeGreaterThan(1_500);
  expect(EMOJI.filter((one) => !groups.has(one.group) || !one.names[0])).toEqual([]);
  expect(new Set(EMOJI.map(({ emoji }) => emoji)).size).toBe(EMOJI.length);
});

test.each([
  ["tada", "🎉"],
  ["+1", "👍"],
  ["thumbsup", "👍"],
  ["heart", "❤️"],
])("%s finds %s first", (sought, emoji) => {
  expect(search(sought, 10).map((one) => one.emoji)).toContain(emoji);
});

test("each is written in one way: with a sign of its own that it is an emoji only where it needs one", () => {
  expect(EMOJI.filter(({ emoji }) => /\p{Emoji_Presentation}\ufe0f/u.test(emoji))).toEqual([]);
});

test("nothing is found by what no emoji is called", () => {
  expect(search("zzzz", 10)).toEqual([]);
  expect(search("  ", 10)).toEqual([]);
});

test("a hand has the tone that one chose, and a rocket has none", () => {
  expect(withTone(find("👍")!, "\u{1f3fd}")).toBe("👍🏽");
  expect(withTone(find("✌️")!, "\u{1f3fd}")).toBe("✌🏽");
  expect(withTone(find("🚀")!, "\u{1f3fd}")).toBe("🚀");
  expect(nameOf("👍🏽")).toBe(nameOf("👍"));
});
