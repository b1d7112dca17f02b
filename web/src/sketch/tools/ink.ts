/** Pen and highlighter. */

import type { Board } from "../board";
import type { Style } from "../elements";
import { MAX_POINTS, packPoints, type Point, snap } from "../points";
import type { Vector } from "../geometry";
import type { Gesture, Press, Tool } from "./tool";

const NEAR = 0.4;
export const HIGHLIGHT_FACTOR = 6;

export const pen: Tool = { cursor: "crosshair", begin: (board, press) => new Stroke(board, press, "stroke") };
export const highlighter: Tool = {
  cursor: "crosshair",
  begin: (board, press) => new Stroke(board, press, "highlight"),
};

class Stroke implements Gesture {
  readonly #board: Board;
  readonly #kind: "stroke" | "highlight";
  #origin: Vector;
  #points: Point[] = [];

  constructor(board: Board, press: Press, kind: "stroke" | "highlight") {
    this.#board = board;
    this.#kind = kind;
    this.#origin = { x: snap(press.at.x), y: snap(press.at.y) };
    this.#add(press);
    this.#show();
  }

  move(presses: readonly Press[]): void {
    for (const press of presses) this.#add(press);
    if (this.#points.length >= MAX_POINTS) this.#goOn();
    this.#show();
  }

  #add({ at, pressure }: Press): void {
    const [x, y] = [at.x - this.#origin.x, at.y - this.#origin.y];
    const last = this.#points.at(-1);
    const near = NEAR / this.#board.camera.value.zoom;
    if (last && Math.abs(last.x - x) < near && Math.abs(last.y - y) < near) return;
    this.#points.push({ x, y, pressure });
  }

  /** A stroke has a bound: what is longer becomes several, which meet. */
  #goOn(): void {
    const last = this.#points.at(-1)!;
    this.#keep();
    this.#origin = { x: snap(this.#origin.x + last.x), y: snap(this.#origin.y + last.y) };
    this.#points = [{ x: 0, y: 0, pressure: last.pressure }];
  }

  #style(): Style {
    const { color, stroke_width, opacity } = this.#board.look.value;
    const width = this.#kind === "highlight" ? stroke_width * HIGHLIGHT_FACTOR : stroke_width;
    return { kind: this.#kind, color, stroke_width: width, opacity, points: packPoints(this.#points) };
  }

  #show(): void {
    this.#board.setDraft({ style: this.#style(), place: [this.#origin.x, this.#origin.y, 0, 1, 0] });
  }

  #keep(): void {
    if (this.#points.length === 1) this.#points.push({ ...this.#points[0]!, x: 0.25 }); // a dot
    this.#board.add(this.#style(), this.#origin);
  }

  end(): void {
    this.#keep();
    this.#board.setDraft(null);
  }

  cancel(): void {
    this.#board.setDraft(null);
  }
}
