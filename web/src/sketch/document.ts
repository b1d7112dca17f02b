/** A sketch as a Yjs document: reading it as elements, editing it in steps that can be undone one by one.
 *
 * Law: nobody else writes to the two maps. One step is one transaction, so it is told, saved and undone as a whole.
 */

import { signal } from "@preact/signals";
import * as Y from "yjs";
import { type Element, newId, type Place, type Style } from "./elements";
import { type Box, boxOf, union } from "./geometry";
import { Grid } from "./grid";

/** The ids of elements that are new, look different, or are gone, and the parts of the board that they cover or did. */
export interface Change {
  readonly changed: ReadonlySet<string>;
  readonly boxes: readonly Box[];
}

export type Restyling = { readonly [Name in keyof Style]?: Style[Name] | undefined };
export type Placing = Partial<{ x: number; y: number; angle: number; scale: number; z: number }>;

const NOWHERE: Place = [0, 0, 0, 1, 0];

export class SketchDocument {
  readonly doc = new Y.Doc();
  readonly #styles = this.doc.getMap<Style>("el");
  readonly #places = this.doc.getMap<Place>("geo");
  readonly #elements = new Map<string, Element>();
  readonly #grid = new Grid<string>();
  readonly #undo: Y.UndoManager;
  readonly canUndo = signal(false);
  readonly canRedo = signal(false);
  readonly #listeners = new Set<(change: Change) => void>();
  #touched = new Set<string>();
  #ordered: readonly Element[] | null = null;

  constructor() {
    const note = ({ keysChanged }: { keysChanged: Set<string> }) => {
      for (const key of keysChanged) this.#touched.add(key);
    };
    this.#styles.observe(note);
    this.#places.observe(note);
    this.doc.on("afterTransaction", () => this.#settle());
    this.#undo = new Y.UndoManager([this.#styles, this.#places], {
      trackedOrigins: new Set([this]),
      captureTimeout: 0,
    });
    const count = () => {
      this.canUndo.value = this.#undo.canUndo();
      this.canRedo.value = this.#undo.canRedo();
    };
    for (const event of ["stack-item-added", "stack-item-popped", "stack-cleared"] as const)
      this.#undo.on(event, count);
  }

  #settle(): void {
    if (!this.#touched.size) return;
    const changed = this.#touched;
    this.#touched = new Set();
    const boxes: (Box | undefined)[] = [];
    for (const id of changed) {
      boxes.push(this.#grid.box(id));
      this.#refresh(id);
      boxes.push(this.#grid.box(id));
    }
    this.#ordered = null;
    const change = { changed, boxes: boxes.filter((box) => box !== undefined) };
    for (const listener of this.#listeners) listener(change);
  }

  #refresh(id: string): void {
    const style = this.#styles.get(id);
    if (!style) {
      this.#elements.delete(id);
      this.#grid.remove(id);
      return;
    }
    const element = { id, style, place: this.#places.get(id) ?? NOWHERE };
    this.#elements.set(id, element);
    this.#grid.put(id, boxOf(element));
  }

  /** Returns what ends it. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // What is there.

  get size(): number {
    return this.#elements.size;
  }

  get(id: string): Element | undefined {
    return this.#elements.get(id);
  }

  /** From the lowest to the highest. */
  ordered(): readonly Element[] {
    this.#ordered ??= [...this.#elements.values()].sort(byHeight);
    return this.#ordered;
  }

  /** Those that touch a part of the board, from the lowest to the highest. */
  in(box: Box): Element[] {
    const found = this.#grid.in(box);
    if (found.size * 4 > this.#elements.size) return this.ordered().filter((element) => found.has(element.id));
    return Array.from(found, (id) => this.#elements.get(id)!).sort(byHeight);
  }

  box(id: string): Box | undefined {
    return this.#grid.box(id);
  }

  bounds(): Box | null {
    return union(this.#grid.boxes());
  }

  /** All of the ids' groups, so that what belongs together is taken together. */
  withGroups(ids: Iterable<string>): Set<string> {
    const wanted = new Set(ids);
    const groups = new Set(Array.from(wanted, (id) => this.#elements.get(id)?.style.group).filter(Boolean));
    if (groups.size) {
      for (const element of this.#elements.values()) {
        if (groups.has(element.style.group)) wanted.add(element.id);
      }
    }
    return wanted;
  }

  // Steps.

  /** Does it as one step. */
  step(change: () => void): void {
    this.doc.transact(change, this);
  }

  add(style: Style, at: { x: number; y: number }, more: Placing = {}, id = newId()): string {
    this.step(() => {
      this.#styles.set(id, style);
      this.#places.set(id, [at.x, at.y, more.angle ?? 0, more.scale ?? 1, more.z ?? this.top() + 1]);
    });
    return id;
  }

  /** A field that is to go is given as undefined. */
  restyle(ids: Iterable<string>, change: (style: Style) => Restyling): void {
    this.step(() => {
      for (const id of ids) {
        const style = this.#styles.get(id);
        if (style) this.#styles.set(id, tidy({ ...style, ...change(style) }));
      }
    });
  }

  place(changes: ReadonlyMap<string, Placing>): void {
    this.step(() => {
      for (const [id, change] of changes) {
        if (!this.#styles.has(id)) continue;
        const [x, y, angle, scale, z] = this.#places.get(id) ?? NOWHERE;
        this.#places.set(id, [
          change.x ?? x,
          change.y ?? y,
          change.angle ?? angle,
          change.scale ?? scale,
          change.z ?? z,
        ]);
      }
    });
  }

  /** Looks and places at once; whoever is gone meanwhile stays so. */
  rewrite(changed: Iterable<readonly [string, { readonly style: Style; readonly place: Place }]>): void {
    this.step(() => {
      for (const [id, { style, place }] of changed) {
        if (!this.#styles.has(id)) continue;
        this.#places.set(id, place);
        if (this.#elements.get(id)?.style !== style) this.#styles.set(id, tidy(style));
      }
    });
  }

  remove(ids: Iterable<string>): void {
    this.step(() => {
      for (const id of ids) {
        this.#styles.delete(id);
        this.#places.delete(id);
      }
    });
  }

  /** Above or below all others, among themselves as they were. */
  raise(ids: ReadonlySet<string>, where: "front" | "back"): void {
    const moved = this.ordered().filter((element) => ids.has(element.id));
    const from = where === "front" ? this.top() + 1 : this.#bottom() - moved.length;
    this.place(new Map(moved.map((element, index) => [element.id, { z: from + index }])));
  }

  /** The height of the highest. */
  top(): number {
    return this.ordered().at(-1)?.place[4] ?? 0;
  }

  #bottom(): number {
    return this.ordered()[0]?.place[4] ?? 0;
  }

  // Only one's own steps, whatever the others have done since.

  undo(): void {
    this.#undo.undo();
  }

  redo(): void {
    this.#undo.redo();
  }

  close(): void {
    this.#listeners.clear();
    this.#undo.destroy();
    this.doc.destroy();
  }
}

/** The order must be the same everywhere, so equals are told apart by their ids. */
const byHeight = (one: Element, other: Element): number =>
  one.place[4] - other.place[4] || (one.id < other.id ? -1 : 1);

/** Without fields that are undefined: the document would keep them as such. */
function tidy(style: Restyling): Style {
  return Object.fromEntries(Object.entries(style).filter(([, value]) => value !== undefined)) as unknown as Style;
}
