/** Asking by what one writes: `/ask …`, or somebody called assistant. */
import { parseMarkdown } from "../chat/markdown/blocks";
import type { Block, Inline } from "../chat/markdown/syntax";

export const HANDLE = "assistant";
const COMMAND = /^\s*\/ask(?:\s+|$)/i;
const CALLED = /@assistant/i;

export const isCommand = (text: string): boolean => COMMAND.test(text);
export const withoutCommand = (text: string): string => text.replace(COMMAND, "").trim();

/** A mention within code is none. */
export function asksByWords(text: string): boolean {
  if (isCommand(text)) return true;
  return CALLED.test(text) && parseMarkdown(text).some(blockCalls);
}

function blockCalls(block: Block): boolean {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return block.parts.some(partCalls);
    case "list":
      return block.items.flat().some(blockCalls);
    case "table":
      return [...block.head, ...block.rows.flat()].flat().some(partCalls);
    default:
      return false;
  }
}

function partCalls(part: Inline): boolean {
  if (part.type === "mention") return part.text.toLowerCase() === `@${HANDLE}`;
  return "parts" in part && part.parts.some(partCalls);
}
