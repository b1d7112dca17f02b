/** How large a text is on the board. */

import { fontOf } from "./paint";

const EDGE = 4;
const LINE_HEIGHT = 1.25;
const ruler = new OffscreenCanvas(1, 1).getContext("2d")!;

export function measured(text: string, font_size: number): { width: number; height: number } {
  ruler.font = fontOf({ kind: "text", font_size });
  const lines = text.split("\n");
  const widest = Math.max(...lines.map((line) => ruler.measureText(line).width));
  return { width: Math.ceil(widest) + EDGE, height: Math.ceil(lines.length * font_size * LINE_HEIGHT) };
}
