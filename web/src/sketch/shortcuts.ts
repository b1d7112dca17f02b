/** The board's keys, for the sheet of shortcuts; keys.ts does them. */

import { useLayoutEffect } from "preact/hooks";
import { addShortcuts, type Shortcut } from "../app/shortcuts";
import { TOOL_KEYS } from "./keys";
import { tools } from "./board";
import { TOOL_NAMES } from "./tools/tool";

const LOOKING: readonly (readonly [string, string])[] = [
  ["1", "Show everything"],
  ["2", "Show what is selected"],
  ["0", "Show in its own size"],
  ["+ -", "Larger, smaller"],
  ["Space", "Hold, and drag the board"],
  ["↑ ↓ ← →", "Move the board, or what is selected"],
  ["Tab", "Next element"],
  ["Mod+A", "Select everything"],
  ["Mod+C", "Copy"],
  ["Esc", "Let go, and back to selecting"],
];

const DRAWING: readonly (readonly [string, string])[] = [
  ["Enter", "Write in what is selected, or draw in the middle"],
  ["Mod+Z", "Undo"],
  ["Mod+Shift+Z", "Redo"],
  ["Mod+X", "Cut"],
  ["Mod+V", "Paste, also pictures and texts"],
  ["Mod+D", "Duplicate"],
  ["Delete", "Remove"],
  ["Shift+↑", "Move in large steps"],
  ["Mod+↑", "Make larger or smaller"],
  ["Mod+Shift+↑", "Align several by that side"],
  [", .", "Turn left, turn right"],
  ["[ ]", "To the back, to the front"],
  ["Mod+G", "Group"],
  ["Mod+Shift+G", "Ungroup"],
  ["C", "Comment on what is selected"],
];

export function useSketchShortcuts(mayDraw: boolean): void {
  useLayoutEffect(() => {
    const named = Object.entries(TOOL_KEYS).filter(([, tool]) => mayDraw || tools[tool].isHarmless);
    const choosing = named.map(([key, tool]) => [key.toUpperCase(), TOOL_NAMES[tool]] as const);
    const doing = [...LOOKING, ...(mayDraw ? DRAWING : [])];
    return addShortcuts([
      ...choosing.map(([keys, words]): Shortcut => ({ keys, words, group: "Tools" })),
      ...doing.map(([keys, words]): Shortcut => ({ keys, words, group: "Drawing" })),
    ]);
  }, [mayDraw]);
}
