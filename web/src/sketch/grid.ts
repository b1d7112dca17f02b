/** Which elements lie in a part of the board, without looking at all of them: squares of the board -> who is there. */

import { type Box, meets } from "./geometry";

const SIDE = 512;
/** What covers more squares than this is looked at always. */
const MOST_SQUARES = 64;

export class Grid<Item> {
  readonly #squares = new Map<string, Set<Item>>();
  readonly #boxes = new Map<Item, Box>();
  readonly #wide = new Set<Item>();

  put(item: Item, box: Box): void {
    this.remove(item);
    this.#boxes.set(item, box);
    const names = squares(box);
    if (!names) {
      this.#wide.add(item);
      return;
    }
    for (const name of names) {
      const there = this.#squares.get(name);
      if (there) there.add(item);
      else this.#squares.set(name, new Set([item]));
    }
  }

  remove(item: Item): void {
    const box = this.#boxes.get(item);
    if (!box) return;
    this.#boxes.delete(item);
    this.#wide.delete(item);
    for (const name of squares(box) ?? []) {
      const there = this.#squares.get(name);
      there?.delete(item);
      if (there?.size === 0) this.#squares.delete(name);
    }
  }

  box(item: Item): Box | undefined {
    return this.#boxes.get(item);
  }

  /** Each once, in no order. */
  in(box: Box): Set<Item> {
    const found = new Set<Item>();
    const names = squares(box);
    const sources = names
      ? names.map((name) => this.#squares.get(name) ?? []).concat(this.#wide as unknown as never[])
      : [this.#boxes.keys()];
    for (const source of sources) {
      for (const item of source as Iterable<Item>) if (meets(this.#boxes.get(item)!, box)) found.add(item);
    }
    return found;
  }

  boxes(): Iterable<Box> {
    return this.#boxes.values();
  }
}

/** The names of the squares that a box touches; null when they are too many to be listed. */
function squares(box: Box): string[] | null {
  const [left, right] = [Math.floor(box.left / SIDE), Math.floor(box.right / SIDE)];
  const [top, bottom] = [Math.floor(box.top / SIDE), Math.floor(box.bottom / SIDE)];
  if ((right - left + 1) * (bottom - top + 1) > MOST_SQUARES) return null;
  const names: string[] = [];
  for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) names.push(`${x},${y}`);
  return names;
}
