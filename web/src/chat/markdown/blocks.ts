/**
 * A message's text as blocks: paragraphs, code, quotes, lists, tables. As people write in chats, a single line break
 * is a line break, and a list needs no empty line before it. Each line is looked at once for each level of quotes and
 * lists, and these are bounded.
 */
import { parseInline } from "./inline";
import type { Block, Inline } from "./syntax";

const MAX_DEPTH = 6;
const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]{0,24})[^`]*$/;
const HEADING = /^(#{1,3}) +(\S.*)$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+•]|\d{1,9}[.)])( +)(?=\S)/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})$/;

export function parseMarkdown(text: string): Block[] {
  return parseBlocks(text.split("\n"), 0);
}

/** With the line at which each block begins. */
export function parseLines(lines: string[]): [Block, number][] {
  return readBlocks(lines, 0);
}

function parseBlocks(lines: string[], depth: number): Block[] {
  return readBlocks(lines, depth).map(([block]) => block);
}

function readBlocks(lines: string[], depth: number): [Block, number][] {
  const blocks: [Block, number][] = [];
  let at = 0;
  while (at < lines.length) {
    if (!lines[at]!.trim()) {
      at++;
      continue;
    }
    const [block, next] = readBlock(lines, at, depth);
    blocks.push([block, at]);
    at = next;
  }
  return blocks;
}

function readBlock(lines: string[], at: number, depth: number): [Block, number] {
  const line = lines[at]!;
  const fence = FENCE.exec(line);
  if (fence) return readCode(lines, at, fence);
  if (RULE.test(line.trimEnd())) return [{ type: "rule" }, at + 1];
  const heading = HEADING.exec(line);
  if (heading) return [readHeading(heading), at + 1];
  if (depth < MAX_DEPTH && QUOTE.test(line)) return readQuote(lines, at, depth);
  if (depth < MAX_DEPTH && ITEM.test(line)) return readList(lines, at, depth);
  if (isTable(lines, at)) return readTable(lines, at);
  return readParagraph(lines, at, depth);
}

function readHeading(heading: RegExpExecArray): Block {
  return { type: "heading", level: heading[1]!.length as 1 | 2 | 3, parts: parseInline(heading[2]!.trim()) };
}

/** An unclosed fence goes on to the end, as it looks while somebody still writes it. */
function readCode(lines: string[], at: number, fence: RegExpExecArray): [Block, number] {
  const mark = fence[1]!;
  let end = at + 1;
  while (end < lines.length && !closes(lines[end]!.trim(), mark)) end++;
  const text = lines.slice(at + 1, end).join("\n");
  return [{ type: "code", language: fence[2]!.toLowerCase(), text }, end + 1];
}

function closes(line: string, mark: string): boolean {
  return line.length >= mark.length && line === mark[0]!.repeat(line.length);
}

function readQuote(lines: string[], at: number, depth: number): [Block, number] {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end]!)) end++;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  return [{ type: "quote", blocks: parseBlocks(inner, depth + 1) }, end];
}

function readList(lines: string[], at: number, depth: number): [Block, number] {
  const first = ITEM.exec(lines[at]!)![2]!;
  const numbered = /^\d/.test(first);
  const items: Block[][] = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]!);
    if (!item || /^\d/.test(item[2]!) !== numbered || RULE.test(lines[end]!.trimEnd())) break;
    const [inner, next] = readItem(lines, end, item);
    items.push(parseBlocks(inner, depth + 1));
    end = next;
  }
  return [{ type: "list", start: numbered ? parseInt(first, 10) : null, items }, end];
}

/** The lines of one item, without their indentation: what is indented below its mark belongs to it. */
function readItem(lines: string[], at: number, item: RegExpExecArray): [string[], number] {
  const indent = item[1]!.length + Math.min(item[2]!.length + 1, 2);
  const inner = [lines[at]!.slice(item[0].length)];
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end]!;
    const blank = !line.trim();
    if (blank && !isIndented(lines[end + 1], indent)) break;
    if (!blank && !isIndented(line, indent)) break;
    inner.push(blank ? "" : line.slice(indent));
    end++;
  }
  return [inner, end];
}

function isIndented(line: string | undefined, by: number): boolean {
  return line !== undefined && line.trim() !== "" && line.slice(0, by).trim() === "";
}

function isTable(lines: string[], at: number): boolean {
  const below = lines[at + 1];
  if (!below || !lines[at]!.includes("|") || !below.includes("-")) return false;
  return below.includes("|") && cells(below).every((cell) => /^:?-+:?$/.test(cell));
}

function readTable(lines: string[], at: number): [Block, number] {
  let end = at + 2;
  while (end < lines.length && lines[end]!.includes("|")) end++;
  const read = (line: string): Inline[][] => cells(line).map(parseInline);
  return [{ type: "table", head: read(lines[at]!), rows: lines.slice(at + 2, end).map(read) }, end];
}

function cells(line: string): string[] {
  const bare = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return bare.split("|").map((cell) => cell.trim());
}

function readParagraph(lines: string[], at: number, depth: number): [Block, number] {
  let end = at + 1;
  while (end < lines.length && lines[end]!.trim() && !interrupts(lines, end, depth)) end++;
  return [{ type: "paragraph", parts: parseInline(lines.slice(at, end).join("\n").trimEnd()) }, end];
}

function interrupts(lines: string[], at: number, depth: number): boolean {
  const line = lines[at]!;
  if (FENCE.test(line) || HEADING.test(line) || RULE.test(line.trimEnd()) || isTable(lines, at)) return true;
  return depth < MAX_DEPTH && (QUOTE.test(line) || ITEM.test(line));
}
