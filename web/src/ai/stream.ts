/**
 * Markdown that grows at its end: what is settled is parsed once, and only the last block again with each piece.
 *
 * Law: however a text came, its blocks are those of the whole text. A block is settled when the next one has begun with
 * a whole line: no parser looks further ahead than that.
 */
import { parseLines } from "../chat/markdown/blocks";
import type { Block } from "../chat/markdown/syntax";

export interface Grown {
  readonly text: string;
  readonly blocks: readonly Block[];
  /** How many blocks are settled, and how much of the text they take. */
  readonly settled: number;
  readonly length: number;
}

export const NOTHING: Grown = { text: "", blocks: [], settled: 0, length: 0 };

/** The text as it is now. Blocks that stay as they were are the same objects. */
export function grow(was: Grown, text: string): Grown {
  if (text === was.text) return was;
  const from = text.startsWith(was.text.slice(0, was.length)) ? was : NOTHING;
  const lines = text.slice(from.length).split("\n");
  const parsed = parseLines(lines);
  const blocks = [...from.blocks.slice(0, from.settled), ...parsed.map(([block]) => block)];
  const [, start] = parsed.findLast(([, line], index) => index > 0 && line < lines.length - 1) ?? [null, 0];
  const fresh = start ? parsed.findIndex(([, line]) => line === start) : 0;
  return { text, blocks, settled: from.settled + fresh, length: from.length + lengthOf(lines, start) };
}

function lengthOf(lines: readonly string[], count: number): number {
  let length = 0;
  for (let at = 0; at < count; at++) length += lines[at]!.length + 1;
  return length;
}

const FENCE = /^ {0,3}(?:`{3,}|~{3,})/gm;
/** A link on its way: its words, and maybe the beginning of where it leads. */
const LINK = /\[([^[\]\n]*)(?:\]\([^()\s]*|\]?)$/;

/** The end of a text as it is going to look: what is still open there is closed, so that no marks come and go. */
export function mended(text: string, settled: number): string {
  if ((text.slice(settled).match(FENCE)?.length ?? 0) % 2) return text;
  const start = text.lastIndexOf("\n") + 1;
  const line = text.slice(start);
  return line.trim() ? text.slice(0, start) + mendedLine(line) : text;
}

function mendedLine(line: string): string {
  const isCode = count(line, "`") % 2 === 1;
  const words = isCode ? line.slice(0, line.lastIndexOf("`")) : line.replace(LINK, "$1");
  const code = isCode && !line.endsWith("`") ? `${line.slice(line.lastIndexOf("`"))}\`` : "";
  if (count(words, "**") % 2 === 0) return words + code;
  return words.endsWith("**") && !code ? words.slice(0, -2) : `${words}${code}**`;
}

const count = (text: string, mark: string): number => text.split(mark).length - 1;
