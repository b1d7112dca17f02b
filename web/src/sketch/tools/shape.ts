/** Lines, arrows, areas and notes: from where one presses to where one lifts. A click makes one of the usual size. */

import type { Board } from "../board";
import { boundEnds } from "../connect";
import type { Kind, Style } from "../elements";
import { packPoints } from "../points";
import type { Vector } from "../geometry";
import { distance } from "../geometry";
import type { Gesture, Press, Tool } from "./tool";

const CLICK = 4;
const USUAL: Record<string, Vector> = { note: { x: 180, y: 180 }, line: { x: 120, y: 0 }, arrow: { x: 120, y: 0 } };
const USUAL_AREA: Vector = { x: 140, y: 90 };
const STEP = Math.PI / 12;
export const NOTE_FILL = "#ffec99";

const tool = (kind: Kind): Tool => ({ cursor: "crosshair", begin: (board, press) => new Drawing(board, press, kind) });

export const line = tool("line");
export const arrow = tool("arrow");
export const rectangle = tool("rectangle");
export const ellipse = tool("ellipse");
export const diamond = tool("diamond");
export const note = tool("note");

export const usualSize = (kind: Kind): Vector => USUAL[kind] ?? USUAL_AREA;

/** The element from one corner to the other, or from one end to the other, with where it is. */
export function drawn(board: Board, kind: Kind, from: Vector, to: Vector): { style: Style; at: Vector } {
  const { color, fill, stroke_width, stroke_style, fill_style, opacity, round, font_size } = board.look.value;
  const common = { kind, color, stroke_width, stroke_style, opacity };
  if (kind === "line" || kind === "arrow") {
    const ends = [from, to].map(({ x, y }) => ({ x: x - from.x, y: y - from.y, pressure: 0.5 }));
    return { style: { ...common, points: packPoints(ends), ...boundEnds(board.document, from, to) }, at: from };
  }
  const size = { width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
  const at = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y) };
  if (kind === "note") {
    const paper = fill === "transparent" ? NOTE_FILL : fill;
    return { style: { ...common, ...size, fill: paper, stroke_width: 0, font_size, text: "" }, at };
  }
  return { style: { ...common, ...size, fill, fill_style, round, font_size }, at };
}

class Drawing implements Gesture {
  readonly #board: Board;
  readonly #kind: Kind;
  readonly #from: Vector;
  readonly #pressed: Vector;

  constructor(board: Board, press: Press, kind: Kind) {
    this.#board = board;
    this.#kind = kind;
    this.#from = press.at;
    this.#pressed = press.view;
  }

  move(presses: readonly Press[]): void {
    const press = presses.at(-1)!;
    const { style, at } = drawn(this.#board, this.#kind, this.#from, this.#to(press));
    this.#board.setDraft({ style, place: [at.x, at.y, 0, 1, 0] });
  }

  #to({ at, shift }: Press): Vector {
    if (!shift) return at;
    const [dx, dy] = [at.x - this.#from.x, at.y - this.#from.y];
    if (this.#kind === "line" || this.#kind === "arrow") {
      const angle = Math.round(Math.atan2(dy, dx) / STEP) * STEP;
      const length = Math.hypot(dx, dy);
      return { x: this.#from.x + length * Math.cos(angle), y: this.#from.y + length * Math.sin(angle) };
    }
    const side = Math.max(Math.abs(dx), Math.abs(dy));
    return { x: this.#from.x + side * Math.sign(dx || 1), y: this.#from.y + side * Math.sign(dy || 1) };
  }

  end(press: Press): void {
    const isClick = distance(press.view, this.#pressed) < CLICK;
    const usual = usualSize(this.#kind);
    const to = isClick ? { x: this.#from.x + usual.x, y: this.#from.y + usual.y } : this.#to(press);
    const { style, at } = drawn(this.#board, this.#kind, this.#from, to);
    this.#board.setDraft(null);
    const id = this.#board.add(style, at);
    this.#board.finish([id]);
    if (this.#kind === "note") this.#board.write(id);
  }

  cancel(): void {
    this.#board.setDraft(null);
  }
}
