/** Selecting, and what is done with what is selected: moving, resizing, turning. */

import type { Board } from "../board";
import { boundEnds } from "../connect";
import type { Element, Place } from "../elements";
import { boxOf, distance, grown, holds, isHit, points, toBoard, type Vector } from "../geometry";
import { bent, type Changed, frameOf, type Handle, handleAt, handlesOf, resized, turned } from "../handles";
import type { Gesture, Press, Tool } from "./tool";

const HIT_PIXELS = 6;
const HANDLE_PIXELS = 11;
const CLICK = 3;

export const select: Tool = { cursor: "default", isHarmless: true, begin };

function begin(board: Board, press: Press): Gesture {
  const chosen = board.selected();
  const zoom = board.camera.value.zoom;
  if (board.mayDraw && chosen.length) {
    const handle = handleAt(handlesOf(chosen, zoom), press.at, HANDLE_PIXELS / zoom);
    if (handle) return new Reshaping(board, chosen, press, handle);
  }
  const hit = elementAt(board, press.at);
  if (!hit) return new Marquee(board, press);
  const ids = board.document.withGroups([hit.id]);
  if (press.shift) board.toggle(ids);
  else if (!board.selection.value.has(hit.id)) board.choose(ids);
  return new Moving(board, press);
}

/** What is at a place: a handle's direction, an element that can be moved, or nothing. */
export function overAt(board: Board, at: Vector): string {
  const chosen = board.selected();
  const zoom = board.camera.value.zoom;
  const handle = board.mayDraw && handleAt(handlesOf(chosen, zoom), at, HANDLE_PIXELS / zoom);
  if (handle) return directionOf(handle, frameOf(chosen)?.angle ?? 0);
  return elementAt(board, at) ? "move" : "";
}

const DIRECTIONS = ["ew", "nwse", "ns", "nesw"] as const;
const EIGHTHS: Record<string, number> = { e: 0, se: 1, s: 2, sw: 3, w: 4, nw: 5, n: 6, ne: 7 };

function directionOf({ name }: Handle, angle: number): string {
  if (name === "turn") return "turn";
  const eighth = EIGHTHS[name];
  if (eighth === undefined) return "end";
  return DIRECTIONS[(((eighth + Math.round(angle / (Math.PI / 4))) % 4) + 4) % 4]!;
}

/** The highest one there. */
export function elementAt(board: Board, at: Vector): Element | undefined {
  const reach = HIT_PIXELS / board.camera.value.zoom;
  const near = board.document.in(grown({ left: at.x, right: at.x, top: at.y, bottom: at.y }, reach));
  return near.reverse().find((element) => !element.style.locked && isHit(element, at, reach));
}

class Marquee implements Gesture {
  readonly #board: Board;
  readonly #from: Vector;
  readonly #before: ReadonlySet<string>;

  constructor(board: Board, press: Press) {
    this.#board = board;
    this.#from = press.at;
    this.#before = press.shift ? board.selection.value : new Set();
    board.choose(this.#before);
  }

  move(presses: readonly Press[]): void {
    const { at } = presses.at(-1)!;
    const box = {
      left: Math.min(at.x, this.#from.x),
      top: Math.min(at.y, this.#from.y),
      right: Math.max(at.x, this.#from.x),
      bottom: Math.max(at.y, this.#from.y),
    };
    this.#board.setMarquee(box);
    const { document } = this.#board;
    const inside = document.in(box).filter((element) => !element.style.locked && holds(box, boxOf(element)));
    this.#board.choose(new Set([...this.#before, ...document.withGroups(inside.map(({ id }) => id))]));
  }

  end(): void {
    this.#board.setMarquee(null);
  }

  cancel(): void {
    this.#board.setMarquee(null);
    this.#board.choose(this.#before);
  }
}

/** Shown by hand while it lasts, written in one step when it is over. */
abstract class Changing implements Gesture {
  protected readonly board: Board;
  protected readonly chosen: readonly Element[];
  protected changed: ReadonlyMap<string, Changed> = new Map();

  constructor(board: Board, chosen: readonly Element[]) {
    this.board = board;
    this.chosen = chosen;
  }

  protected abstract at(press: Press): ReadonlyMap<string, Changed> | null;

  move(presses: readonly Press[]): void {
    const changed = this.board.mayDraw ? this.at(presses.at(-1)!) : null;
    if (!changed) return;
    this.changed = this.board.withArrows(changed);
    this.board.setDragged(Array.from(this.changed, ([id, look]) => ({ id, ...look })));
  }

  end(press: Press): void {
    this.move([press]);
    this.board.reshape(this.changed);
    this.board.setDragged([]);
  }

  cancel(): void {
    this.board.setDragged([]);
  }
}

class Moving extends Changing {
  readonly #from: Press;
  #isMoving = false;

  constructor(board: Board, press: Press) {
    super(board, board.selected());
    this.#from = press;
  }

  protected at({ at, view, shift }: Press): ReadonlyMap<string, Changed> | null {
    this.#isMoving ||= distance(view, this.#from.view) >= CLICK;
    if (!this.#isMoving) return null;
    let [dx, dy] = [at.x - this.#from.at.x, at.y - this.#from.at.y];
    if (shift) [dx, dy] = Math.abs(dx) > Math.abs(dy) ? [dx, 0] : [0, dy];
    return new Map(this.chosen.map(({ id, style, place }) => [id, { style, place: moved(place, dx, dy) }]));
  }
}

const moved = ([x, y, angle, scale, z]: Place, dx: number, dy: number): Place => [x + dx, y + dy, angle, scale, z];

class Reshaping extends Changing {
  readonly #from: Press;
  readonly #handle: Handle;

  constructor(board: Board, chosen: readonly Element[], press: Press, handle: Handle) {
    super(board, chosen);
    this.#from = press;
    this.#handle = handle;
  }

  protected at(press: Press): ReadonlyMap<string, Changed> {
    const { name } = this.#handle;
    if (name === "turn") return turned(this.chosen, this.#from.at, press.at, press.shift);
    if (name === "start" || name === "end") return this.#bend(name, press.at);
    return resized(this.chosen, name, press.at, press.shift);
  }

  #bend(name: "start" | "end", to: Vector): ReadonlyMap<string, Changed> {
    const line = this.chosen[0]!;
    const changed = new Map(bent(line, name, to));
    const { style, place } = changed.get(line.id)!;
    const { start: _, end: __, ...free } = style;
    const path = points(style).map((point) => toBoard(style, place, point));
    const ends = boundEnds(this.board.document, path[0]!, path.at(-1)!);
    return changed.set(line.id, { style: { ...free, ...ends }, place });
  }
}
