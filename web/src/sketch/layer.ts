/** The finished elements, drawn ahead into a picture larger than the view.
 *
 * A frame while one pans or zooms is one copy of that picture; it is drawn anew beside, some elements a frame, and takes
 * the old one's place when it is done. So ten thousand strokes cost a frame as much as ten. Without a graphics card a
 * canvas paints what was asked of it only at the end of the frame, where no clock of ours sees it: so how many elements
 * a frame gets follows from how long frames take.
 */

import { type Camera, fromView, seen, type Size } from "./camera";
import type { SketchDocument } from "./document";
import type { Element } from "./elements";
import { type Box, grown, height, holds, meets, width } from "./geometry";
import { paint, type Tint } from "./paint";

/** How much more than the view a picture shows, on each side, in parts of the view. */
const AROUND = 0.35;
/** Another picture is begun when less than this part of that is left. */
const LEFT = 0.4;
const FRAME_MILLISECONDS = 6;
const SLOW_MILLISECONDS = 22;
const QUICK_MILLISECONDS = 18;
const [LEAST_AT_ONCE, MOST_AT_ONCE] = [100, 4_000];
/** How far the zoom may be from the picture's: beyond it looks coarse, and is drawn anew once it rests. */
const COARSE = 1.02;
const VERY_COARSE = 1.6;
const REST_MILLISECONDS = 120;
/** Of few changes the parts are drawn anew; of many the whole. */
const MOST_PARTS = 64;

interface Picture {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly box: Box;
  /** Pixels of the picture for one of the board. */
  readonly scale: number;
  readonly zoom: number;
}

/** A picture on its way. What changes meanwhile is drawn anew at its end: who draws fast must not keep it from ending. */
interface Coming {
  readonly picture: Picture;
  readonly left: readonly Element[];
  readonly parts: Box[];
  at: number;
}

export class Layer {
  #shown: Picture | null = null;
  #next: Coming | null = null;
  #spare: HTMLCanvasElement | null = null;
  #isStale = true;
  #parts: Box[] = [];
  #atOnce = LEAST_AT_ONCE;
  #drawnAt = 0;
  #zoom = 0;
  #zoomedAt = 0;
  readonly #hidden = new Set<string>();
  readonly #document: SketchDocument;
  #tint: Tint;

  constructor(document: SketchDocument, tint: Tint) {
    this.#document = document;
    this.#tint = tint;
  }

  /** Everything is to be drawn anew. */
  restart(tint: Tint = this.#tint): void {
    this.#tint = tint;
    this.#isStale = true;
    this.#next = null;
    this.#parts = [];
  }

  /** What covers these boxes looks different. */
  change(boxes: readonly Box[]): void {
    this.#parts.push(...boxes);
    this.#next?.parts.push(...boxes);
    if (this.#parts.length > MOST_PARTS) {
      this.#isStale = true;
      this.#parts = [];
    }
  }

  /** Leaves elements out while they are drawn by hand. Gives their boxes, to be passed to `change`. */
  hide(ids: Iterable<string>): void {
    const before = new Set(this.#hidden);
    this.#hidden.clear();
    for (const id of ids) this.#hidden.add(id);
    const touched = [...before, ...this.#hidden].filter((id) => before.has(id) !== this.#hidden.has(id));
    const boxes = touched.map((id) => this.#document.box(id)).filter((box) => box !== undefined);
    if (boxes.length) this.change(boxes);
  }

  /** The next frame would look different. */
  get isChanged(): boolean {
    return this.#isStale || this.#parts.length > 0;
  }

  /** Draws a frame; true when there is more to be done in the next. */
  draw(context: CanvasRenderingContext2D, camera: Camera, size: Size, ratio: number): boolean {
    const now = performance.now();
    const took = now - this.#drawnAt;
    this.#drawnAt = now;
    if (this.#zoom !== camera.zoom) this.#zoomedAt = now;
    this.#zoom = camera.zoom;
    const view = seen(camera, size);
    if (this.#shown && this.#parts.length) this.#mend(this.#shown, this.#parts);
    this.#parts = [];
    if (!this.#next && this.#isPoor(view, camera.zoom, now)) this.#begin(view, camera.zoom * ratio, camera.zoom);
    if (this.#next) this.#goOn(took);
    if (this.#shown) copy(context, this.#shown, camera, size, ratio);
    return this.#next !== null || this.#isStale || this.#off(camera.zoom) > COARSE;
  }

  #isPoor(view: Box, zoom: number, now: number): boolean {
    if (!this.#shown || this.#isStale) return true;
    const margin = LEFT * AROUND * Math.max(width(view), height(view));
    const off = this.#off(zoom);
    const isAtEdge = !holds(this.#shown.box, off > COARSE ? view : grown(view, margin));
    return isAtEdge || off > VERY_COARSE || (off > COARSE && now - this.#zoomedAt > REST_MILLISECONDS);
  }

  #off(zoom: number): number {
    return this.#shown ? Math.max(this.#shown.zoom / zoom, zoom / this.#shown.zoom) : 1;
  }

  #begin(view: Box, scale: number, zoom: number): void {
    const box = grown(view, AROUND * Math.max(width(view), height(view)));
    const canvas = this.#blank(Math.ceil(width(box) * scale), Math.ceil(height(box) * scale));
    const context = canvas.getContext("2d")!;
    context.setTransform(scale, 0, 0, scale, -box.left * scale, -box.top * scale);
    this.#next = { picture: { canvas, context, box, scale, zoom }, left: this.#visible(box), parts: [], at: 0 };
    this.#isStale = false;
  }

  #blank(wide: number, high: number): HTMLCanvasElement {
    const spare = this.#spare;
    this.#spare = null;
    if (spare?.width === wide && spare.height === high) {
      const context = spare.getContext("2d")!;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, wide, high);
      return spare;
    }
    return Object.assign(document.createElement("canvas"), { width: wide, height: high });
  }

  #visible(box: Box): readonly Element[] {
    const found = this.#document.in(box);
    return this.#hidden.size ? found.filter((element) => !this.#hidden.has(element.id)) : found;
  }

  #goOn(took: number): void {
    const next = this.#next!;
    const factor = took > SLOW_MILLISECONDS ? 0.6 : took < QUICK_MILLISECONDS ? 1.25 : 1;
    this.#atOnce = Math.min(MOST_AT_ONCE, Math.max(LEAST_AT_ONCE, this.#atOnce * factor));
    const last = Math.min(next.left.length, next.at + this.#atOnce);
    const end = performance.now() + FRAME_MILLISECONDS;
    while (next.at < last) {
      paint(next.picture.context, next.left[next.at++]!, this.#tint, next.picture.scale);
      if ((next.at & 15) === 0 && performance.now() > end) return;
    }
    if (next.at < next.left.length) return;
    this.#spare = this.#shown?.canvas ?? null;
    this.#shown = next.picture;
    this.#next = null;
    if (next.parts.length > MOST_PARTS) this.#isStale = true;
    else this.#mend(next.picture, next.parts);
  }

  #mend(picture: Picture, parts: readonly Box[]): void {
    for (const part of parts) {
      if (!meets(part, picture.box)) continue;
      const box = onPixels(grown(part, 2 / picture.scale), picture);
      const { context } = picture;
      context.save();
      context.beginPath();
      context.rect(box.left, box.top, width(box), height(box));
      context.clip();
      context.clearRect(box.left, box.top, width(box), height(box));
      for (const element of this.#visible(box)) paint(context, element, this.#tint, picture.scale);
      context.restore();
    }
  }
}

/** Grown to whole pixels of the picture: a part that ends within one would leave a seam. */
function onPixels({ left, top, right, bottom }: Box, { box, scale }: Picture): Box {
  return {
    left: Math.floor((left - box.left) * scale) / scale + box.left,
    top: Math.floor((top - box.top) * scale) / scale + box.top,
    right: Math.ceil((right - box.left) * scale) / scale + box.left,
    bottom: Math.ceil((bottom - box.top) * scale) / scale + box.top,
  };
}

function copy(context: CanvasRenderingContext2D, picture: Picture, camera: Camera, size: Size, ratio: number): void {
  const corner = fromView(camera, size, { x: 0, y: 0 });
  const factor = (camera.zoom * ratio) / picture.scale;
  const [x, y] = [
    (picture.box.left - corner.x) * camera.zoom * ratio,
    (picture.box.top - corner.y) * camera.zoom * ratio,
  ];
  context.setTransform(1, 0, 0, 1, 0, 0);
  // Whole pixels where nothing is scaled: a picture between two pixels looks blurred.
  const [left, top] = Math.abs(factor - 1) < 1e-6 ? [Math.round(x), Math.round(y)] : [x, y];
  context.drawImage(picture.canvas, left, top, picture.canvas.width * factor, picture.canvas.height * factor);
}
