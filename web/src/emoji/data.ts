/** All emoji, to choose from and to search. Loaded when somebody first wants one. */
import text from "virtual:emoji";
import { rank } from "../chat/ranking";

export interface Emoji {
  readonly emoji: string;
  readonly group: number;
  readonly hasTones: boolean;
  /** Short ones, the usual one first: what stands between colons. */
  readonly names: readonly string[];
  readonly words: string;
}

export const GROUPS: readonly { group: number; title: string; sign: string }[] = [
  { group: 0, title: "Smileys", sign: "😀" },
  { group: 1, title: "People", sign: "👋" },
  { group: 3, title: "Animals and nature", sign: "🐻" },
  { group: 4, title: "Food and drink", sign: "🍎" },
  { group: 5, title: "Travel and places", sign: "🚲" },
  { group: 6, title: "Activities", sign: "⚽" },
  { group: 7, title: "Objects", sign: "💡" },
  { group: 8, title: "Symbols", sign: "❤️" },
  { group: 9, title: "Flags", sign: "🏁" },
];

export const EMOJI: readonly Emoji[] = text.split("\n").map((line) => {
  const [emoji = "", group, tones, names = "", words = ""] = line.split("\t");
  return { emoji, group: Number(group), hasTones: tones === "1", names: names.split(" "), words };
});

const byEmoji = new Map(EMOJI.map((one) => [one.emoji, one]));

export const TONES = ["", "\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"] as const;
const TONE = /[\u{1f3fb}-\u{1f3ff}]/gu;

/** The hand that one chose, where it has a skin. */
export function withTone({ emoji, hasTones }: Emoji, tone: string): string {
  if (!hasTones || !tone) return emoji;
  const [first = "", ...rest] = emoji;
  return first + tone + rest.join("").replace(/^\ufe0f/, "");
}

export function find(emoji: string): Emoji | undefined {
  return byEmoji.get(emoji) ?? byEmoji.get(emoji.replace(TONE, "")) ?? byEmoji.get(`${emoji.replace(TONE, "")}\ufe0f`);
}

/** What it is called, for people who don't see it. */
export const nameOf = (emoji: string): string => find(emoji)?.names[0]?.replaceAll("_", " ") ?? emoji;

/** By a few letters of a name, or of a word for it. */
export function search(sought: string, most: number): readonly Emoji[] {
  const words = sought.trim().toLowerCase().replaceAll("_", " ");
  if (!words) return [];
  const scored: { one: Emoji; score: number }[] = [];
  for (const one of EMOJI) {
    const score = Math.max(
      ...one.names.map((name) => nameScore(name.replaceAll("_", " "), words)),
      wordScore(one, words),
    );
    if (score > 0) scored.push({ one, score });
  }
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ one }) => one);
}

/** Names must hold the letters together: "in order" would find nearly everything. */
const nameScore = (name: string, words: string): number => (name.includes(words) ? rank(name, words) : 0);

const wordScore = (one: Emoji, words: string): number =>
  words.split(" ").every((word) => ` ${one.words}`.includes(` ${word}`)) ? 30 : 0;
