/** The emoji of Unicode as one small text for the picker: made from emojibase-data when the page is built. */

import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const NAME = "virtual:emoji";
const DATA = new URL("node_modules/emojibase-data/en/", import.meta.url);

interface Source {
  readonly label: string;
  readonly hexcode: string;
  readonly unicode: string;
  readonly group?: number;
  readonly order?: number;
  readonly tags?: readonly string[];
  readonly skins?: readonly { readonly unicode: string }[];
}

/** Parts of emoji, not emoji. */
const COMPONENTS = 2;
const MEDIUM = "\u{1f3fd}";

export function emojiData(): Plugin {
  return {
    name: "emoji-data",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) => (id === `\0${NAME}` ? `export default ${JSON.stringify(text())};` : undefined),
  };
}

/** A line an emoji: itself, group, 1 where it has skin tones, short names, words to find it by. */
function text(): string {
  const all = JSON.parse(read("compact.json")) as Source[];
  const names = JSON.parse(read("shortcodes/emojibase.json")) as Record<string, string | string[]>;
  return all
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((one) => line(one, [names[one.hexcode] ?? []].flat()))
    .join("\n");
}

function line({ unicode, group, label, tags = [], skins = [] }: Source, names: readonly string[]): string {
  const emoji = plain(unicode);
  const hasTones = skins.some((skin) => plain(skin.unicode) === toned(emoji));
  const words = new Set([label, ...tags].flatMap((word) => word.toLowerCase().split(" ")));
  for (const name of names) for (const part of name.split("_")) words.delete(part);
  return [emoji, group, hasTones ? 1 : 0, names.join(" ") || label.replaceAll(" ", "_"), [...words].join(" ")].join(
    "\t",
  );
}

/** What is an emoji by itself needs no sign that says so; with it, it would be another one to whoever counts reactions. */
const plain = (emoji: string): string => emoji.replaceAll(/(\p{Emoji_Presentation})\ufe0f/gu, "$1");

/** As src/emoji/data.ts gives an emoji its tone. */
function toned(emoji: string): string {
  const [first = "", ...rest] = emoji;
  return first + MEDIUM + rest.join("").replace(/^\ufe0f/, "");
}

const read = (name: string): string => readFileSync(new URL(name, DATA), "utf8");
