/** Hand, eraser, laser, text and image. */

import type { Board } from "../board";
import { grown, isHit, type Vector } from "../geometry";
import type { Gesture, Press, Tool } from "./tool";

const ERASER_PIXELS = 8;
const LASER_MILLISECONDS = 900;

export const hand: Tool = { cursor: "grab", isHarmless: true, begin: (board, press) => new Panning(board, press) };

export class Panning implements Gesture {
  readonly #board: Board;
  #last: Vector;

  constructor(board: Board, press: Press) {
    this.#board = board;
    this.#last = press.view;
  }

  move(presses: readonly Press[]): void {
    const { view } = presses.at(-1)!;
    this.#board.pan(view.x - this.#last.x, view.y - this.#last.y);
    this.#last = view;
  }

  end(): void {}
  cancel(): void {}
}

export const eraser: Tool = { cursor: "cell", begin: (board, press) => new Erasing(board, press) };

/** What it touches is gone at once on one's own screen, and for everybody in one step when it is lifted. */
class Erasing implements Gesture {
  readonly #board: Board;
  readonly #touched = new Set<string>();

  constructor(board: Board, press: Press) {
    this.#board = board;
    this.move([press]);
  }

  move(presses: readonly Press[]): void {
    const { document } = this.#board;
    const reach = ERASER_PIXELS / this.#board.camera.value.zoom;
    for (const { at } of presses) {
      const near = document.in(grown({ left: at.x, right: at.x, top: at.y, bottom: at.y }, reach));
      const hit = near.filter((element) => !element.style.locked && isHit(element, at, reach));
      for (const id of document.withGroups(hit.map((element) => element.id))) this.#touched.add(id);
    }
    this.#board.hide(this.#touched);
  }

  end(): void {
    this.#board.hide([]);
    if (this.#touched.size) this.#board.document.remove(this.#touched);
  }

  cancel(): void {
    this.#board.hide([]);
  }
}

export const laser: Tool = {
  cursor: "crosshair",
  isHarmless: true,
  begin: (board, press) => new Pointing(board, press),
};

class Pointing implements Gesture {
  readonly #board: Board;
  #trail: { at: Vector; time: number }[] = [];

  constructor(board: Board, press: Press) {
    this.#board = board;
    this.move([press]);
  }

  move(presses: readonly Press[]): void {
    const now = performance.now();
    this.#trail.push(...presses.map(({ at }) => ({ at, time: now })));
    this.#trail = this.#trail.filter(({ time }) => time > now - LASER_MILLISECONDS);
    this.#board.setLaser(this.#trail.map(({ at }) => at));
  }

  end(): void {
    this.#board.setLaser([]);
  }

  cancel(): void {
    this.end();
  }
}

/** Writing begins where the pointer is lifted, so that the press can't take the focus away again. */
const onLift = (then: (board: Board, press: Press) => void): Tool["begin"] => {
  return (board) => ({ move() {}, end: (press) => then(board, press), cancel() {} });
};

export const text: Tool = { cursor: "text", begin: onLift((board, press) => board.writeAt(press.at)) };
export const image: Tool = { cursor: "copy", begin: onLift((board, press) => board.askForImage(press.at)) };
