/** Who else is at the sketch and what they are doing there: passing states, told at most thirty times a second.
 *
 * A stroke that is being drawn, and elements that are being dragged, are told here; the document gets them when the
 * pointer is lifted.
 */

import { fromBase64, toBase64 } from "lib0/buffer";
import { Awareness } from "y-protocols/awareness";
import type { Doc } from "yjs";
import type { Element, Place, Style } from "./elements";
import { packPoints, type Point } from "./points";
import { points, type Vector } from "./geometry";
import { readStyle } from "./read-style";

const TELL_MILLISECONDS = 34;
/** So that a state stays below the server's 4 KiB. */
const MOST_POINTS = 420;
const MOST_DRAGGED = 40;

export interface Draft {
  readonly style: Style;
  readonly place: Place;
}

export interface Doing {
  cursor?: Vector | null;
  /** What is being drawn. */
  draft?: Draft | null;
  /** Elements that are being moved, with where they are now. */
  drag?: readonly Element[] | null;
  laser?: readonly Vector[] | null;
  selected?: readonly string[];
  /** The middle of the view and its zoom, for those who follow. */
  view?: readonly [number, number, number];
}

export interface Other {
  readonly client: number;
  readonly userId: number | null;
  readonly name: string;
  readonly cursor: Vector | null;
  readonly draft: Draft | null;
  readonly drag: readonly (readonly [string, ...number[]])[];
  readonly laser: readonly Vector[];
  readonly selected: readonly string[];
  readonly view: readonly [number, number, number] | null;
}

export class Presence {
  readonly awareness: Awareness;
  #doing: Doing = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = 0;
  #known = new Map<number, { state: unknown; other: Other }>();
  #others: readonly Other[] | null = null;

  constructor(doc: Doc, onChange: () => void) {
    this.awareness = new Awareness(doc);
    this.awareness.on("change", ({ added, updated, removed }: Record<string, number[]>) => {
      const isOwnOnly = [added, updated, removed].flat().every((client) => client === this.awareness.clientID);
      if (isOwnOnly) return;
      this.#others = null;
      onChange();
    });
  }

  tell(doing: Doing): void {
    this.#doing = { ...this.#doing, ...doing };
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#toldAt + TELL_MILLISECONDS - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#toldAt = Date.now();
      this.awareness.setLocalState(packed(this.#doing));
    }, wait);
  }

  /** The same list, and the same `Other`s in it, until one of them tells something else. */
  others(): readonly Other[] {
    this.#others ??= this.#readAll();
    return this.#others;
  }

  #readAll(): Other[] {
    const before = this.#known;
    this.#known = new Map();
    for (const [client, state] of this.awareness.getStates()) {
      if (client === this.awareness.clientID) continue;
      const known = before.get(client);
      this.#known.set(client, known?.state === state ? known : { state, other: read(client, state) });
    }
    return Array.from(this.#known.values(), ({ other }) => other);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.awareness.destroy();
  }
}

function packed(doing: Doing): Record<string, unknown> {
  return {
    cursor: doing.cursor && rounded(doing.cursor),
    draft: doing.draft && packDraft(doing.draft),
    drag: doing.drag?.slice(0, MOST_DRAGGED).map(({ id, place }) => [id, ...place.slice(0, 4).map(round)]),
    laser: doing.laser?.map(rounded),
    selected: doing.selected?.slice(0, MOST_DRAGGED),
    view: doing.view?.map(round),
  };
}

function packDraft({ style, place }: Draft): Record<string, unknown> {
  const { points: _, image: __, text, ...plain } = style;
  const path = thinned(points(style));
  return {
    ...plain,
    ...(text && { text: text.slice(0, 300) }),
    place: place.map(round),
    ...(path.length && { path: toBase64(packPoints(path)) }),
  };
}

/** Every second point, every fourth … until there are few enough; the last one always. */
export function thinned(path: readonly Point[]): readonly Point[] {
  let step = 1;
  while (path.length / step > MOST_POINTS) step *= 2;
  return step === 1 ? path : path.filter((_, index) => index % step === 0 || index === path.length - 1);
}

const round = (value: number): number => Math.round(value * 100) / 100;
const rounded = ({ x, y }: Vector): Vector => ({ x: round(x), y: round(y) });

/** Others' states are what they please: whatever isn't as it should be is left out. */
export function read(client: number, state: Record<string, unknown>): Other {
  const user = isRecord(state["user"]) ? state["user"] : {};
  return {
    client,
    userId: typeof user["id"] === "number" ? user["id"] : null,
    name: typeof user["name"] === "string" ? user["name"] : "Guest",
    cursor: vector(state["cursor"]),
    draft: readDraft(state["draft"]),
    drag: list(state["drag"]).filter(isDragged),
    laser: list(state["laser"])
      .map(vector)
      .filter((at) => at !== null),
    selected: list(state["selected"]).filter((id) => typeof id === "string"),
    view: readView(state["view"]),
  };
}

function readDraft(value: unknown): Draft | null {
  if (!isRecord(value)) return null;
  const { place, path, ...rest } = value;
  const numbers = list(place).filter(isNumber);
  const style = readStyle({ ...rest, ...(typeof path === "string" && { points: bytes(path) }) });
  return style && numbers.length === 5 ? { style, place: numbers as unknown as Place } : null;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const bytes = (text: string): Uint8Array | undefined => (BASE64.test(text) ? fromBase64(text) : undefined);

function readView(value: unknown): Other["view"] {
  const numbers = list(value).filter(isNumber);
  return numbers.length === 3 && (numbers[2] as number) > 0 ? (numbers as [number, number, number]) : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const vector = (value: unknown): Vector | null =>
  isRecord(value) && isNumber(value["x"]) && isNumber(value["y"]) ? { x: value["x"], y: value["y"] } : null;
const isDragged = (value: unknown): value is [string, ...number[]] =>
  Array.isArray(value) && typeof value[0] === "string" && value.length === 5 && value.slice(1).every(isNumber);
