/** What keys do on the board. */

import { aligned, enlarged, shifted, type Side } from "./arrange";
import { type Board, tools } from "./board";
import { holdsText } from "./elements";
import { duplicateSelected } from "./clipboard";
import { fromView } from "./camera";
import { turnedBy } from "./handles";
import { drawn, usualSize } from "./tools/shape";
import type { ToolName } from "./tools/tool";

export const TOOL_KEYS: Record<string, ToolName> = {
  v: "select",
  h: "hand",
  p: "pen",
  m: "highlighter",
  e: "eraser",
  l: "line",
  a: "arrow",
  r: "rectangle",
  o: "ellipse",
  d: "diamond",
  t: "text",
  n: "note",
  i: "image",
  k: "laser",
};

export const keyOf = (tool: ToolName): string =>
  (Object.entries(TOOL_KEYS).find(([, name]) => name === tool)?.[0] ?? "").toUpperCase();

const STEP = 1;
const LARGE_STEP = 10;
const ZOOM_STEP = 1.25;
const PAN_STEP = 60;
const TURN = Math.PI / 12;
const SMALL_TURN = Math.PI / 180;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type Say = (words: string) => void;

/** Whether the key meant something. `say` tells screen readers what it did. */
export function pressKey(board: Board, event: KeyboardEvent, say: Say): boolean {
  const isModified = event.ctrlKey || event.metaKey;
  const arrow = event.altKey ? undefined : ARROWS[event.key];
  if (arrow && isModified) return pressModifiedArrow(board, arrow, event.shiftKey, say);
  if (isModified) return pressModified(board, event, say);
  if (event.altKey) return false;
  if (arrow) return pressArrow(board, arrow, event.shiftKey);
  const tool = event.key.length === 1 ? TOOL_KEYS[event.key.toLowerCase()] : undefined;
  if (tool) {
    board.pick(tool);
    return true;
  }
  return pressPlain(board, event, say);
}

function pressPlain(board: Board, { key, shiftKey }: KeyboardEvent, say: Say): boolean {
  switch (key) {
    case "Delete":
    case "Backspace":
      return removeSelected(board, say);
    case "Enter":
      return pressEnter(board, say);
    case "Tab":
      return walk(board, shiftKey ? -1 : 1, say);
    case "[":
    case "]":
      if (board.selection.value.size && board.mayDraw) {
        board.document.raise(board.selection.value, key === "]" ? "front" : "back");
        say(key === "]" ? "Brought to the front" : "Sent to the back");
      }
      return true;
    case "+":
    case "=":
      board.zoom(ZOOM_STEP);
      return true;
    case "-":
      board.zoom(1 / ZOOM_STEP);
      return true;
    case "0":
      board.zoomTo(1);
      return true;
    case "1":
      board.fit();
      return true;
    case "2":
      board.fit(board.selected());
      return true;
    case ",":
    case ".":
      return pressTurn(board, key === "." ? TURN : -TURN, say);
    case "<":
    case ">":
      return pressTurn(board, key === ">" ? SMALL_TURN : -SMALL_TURN, say);
    case "c":
    case "C":
      board.comment?.();
      return board.comment !== null;
    default:
      return false;
  }
}

function pressModified(board: Board, event: KeyboardEvent, say: Say): boolean {
  const key = event.key.toLowerCase();
  const does: Record<string, (() => void) | undefined> = {
    z: () => (event.shiftKey ? board.redo() : board.undo()),
    y: () => board.redo(),
    a: () => selectAll(board, say),
    d: () => duplicateSelected(board),
    g: () => (event.shiftKey ? board.ungroup() : board.group()),
  };
  const run = does[key];
  if (!run || event.altKey) return false;
  if (!board.mayDraw && key !== "a") return true;
  run();
  return true;
}

function selectAll(board: Board, say: Say): void {
  board.pick("select");
  const free = board.document.ordered().filter(({ style }) => !style.locked);
  board.choose(new Set(free.map(({ id }) => id)));
  say(`${free.length} selected`);
}

function removeSelected(board: Board, say: Say): boolean {
  const chosen = board.selection.value;
  if (!chosen.size || !board.mayDraw) return false;
  board.document.remove(chosen);
  say(`${chosen.size} removed`);
  return true;
}

function pressArrow(board: Board, [x, y]: readonly [number, number], isLarge: boolean): boolean {
  const chosen = board.selected();
  if (!chosen.length || !board.mayDraw) {
    board.pan(-x * PAN_STEP, -y * PAN_STEP);
    return true;
  }
  const by = isLarge ? LARGE_STEP : STEP;
  board.reshape(new Map(shifted(chosen, x * by, y * by)));
  return true;
}

const SIDES: Record<string, Side> = { "-1,0": "left", "1,0": "right", "0,-1": "top", "0,1": "bottom" };

/** Down and to the right makes larger; with Shift, several are aligned by that side. */
function pressModifiedArrow(board: Board, arrow: readonly [number, number], isAligning: boolean, say: Say): boolean {
  const chosen = board.selected();
  if (!chosen.length || !board.mayDraw) return false;
  if (isAligning) {
    const side = SIDES[arrow.join()]!;
    board.reshape(aligned(chosen, side));
    say(`Aligned: ${side}`);
  } else {
    board.reshape(enlarged(chosen, arrow[0] * LARGE_STEP, arrow[1] * LARGE_STEP));
  }
  return true;
}

function pressTurn(board: Board, by: number, say: Say): boolean {
  const chosen = board.selected();
  if (!chosen.length || !board.mayDraw) return false;
  board.reshape(turnedBy(chosen, by));
  const [first] = board.selected();
  if (first) say(`${Math.round((first.place[2] * 180) / Math.PI)} degrees`);
  return true;
}

/** With a tool for shapes, one of the usual size in the middle; with one element selected, its text. */
function pressEnter(board: Board, say: Say): boolean {
  const [only, another] = board.selected();
  if (only && !another && holdsText(only.style.kind)) {
    board.write(only.id);
    return true;
  }
  const kind = board.tool.value;
  const { width, height } = board.size.value;
  const middle = fromView(board.camera.value, board.size.value, { x: width / 2, y: height / 2 });
  if (kind === "text") {
    board.writeAt(middle);
    return true;
  }
  if (!board.mayDraw || tools[kind].isHarmless || ["pen", "highlighter", "eraser", "image"].includes(kind))
    return false;
  const shape = kind as "rectangle";
  const size = usualSize(shape);
  const from = { x: middle.x - size.x / 2, y: middle.y - size.y / 2 };
  const { style, at } = drawn(board, shape, from, { x: from.x + size.x, y: from.y + size.y });
  board.finish([board.add(style, at)]);
  say("Drawn in the middle, and selected");
  return true;
}

/** To the next element, from the lowest to the highest; past the last one, out of the board. */
function walk(board: Board, by: 1 | -1, say: Say): boolean {
  const all = board.document.ordered();
  const [now] = board.selection.value;
  const at = all.findIndex(({ id }) => id === now);
  const to = now === undefined ? (by > 0 ? 0 : all.length - 1) : at + by;
  const next = all[to];
  if (!next) {
    board.choose(new Set());
    return false;
  }
  board.pick("select");
  board.choose(board.document.withGroups([next.id]));
  say(`${board.describe(next)}, ${to + 1} of ${all.length}`);
  return true;
}
