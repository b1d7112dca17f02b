/** What a tool is: it answers a press with a gesture, which lives until the pointer is lifted. */

import type { Board } from "../board";
import type { Vector } from "../geometry";

export const TOOLS = [
  "select",
  "hand",
  "pen",
  "highlighter",
  "eraser",
  "line",
  "arrow",
  "rectangle",
  "ellipse",
  "diamond",
  "text",
  "note",
  "image",
  "laser",
] as const;

export type ToolName = (typeof TOOLS)[number];

export const TOOL_NAMES: Record<ToolName, string> = {
  select: "Select",
  hand: "Move the board",
  pen: "Pen",
  highlighter: "Highlighter",
  eraser: "Eraser",
  line: "Line",
  arrow: "Arrow",
  rectangle: "Rectangle",
  ellipse: "Ellipse",
  diamond: "Diamond",
  text: "Text",
  note: "Sticky note",
  image: "Image",
  laser: "Laser pointer",
};

export interface Press {
  /** On the board. */
  readonly at: Vector;
  /** In the view. */
  readonly view: Vector;
  /** 0.5 where the device doesn't tell. */
  readonly pressure: number;
  readonly shift: boolean;
  readonly alt: boolean;
}

export interface Gesture {
  /** All that was sampled since the last frame, oldest first. */
  move(presses: readonly Press[]): void;
  end(press: Press): void;
  /** Another finger came, or Escape: nothing is to be left of it. */
  cancel(): void;
}

export interface Tool {
  readonly cursor: string;
  /** Viewers may use it. */
  readonly isHarmless?: boolean;
  begin(board: Board, press: Press): Gesture | null;
}
