/** The finished elements, drawn ahead into a picture larger than the view.
 *
 * A frame while one pans or zooms is one copy of that picture; it is drawn anew beside, a few milliseconds a frame, and
 * takes the old one's place when it is done. So ten thousand strokes cost a frame as much as ten.
 */

import { type Camera, fromView, seen, type Size } from "./camera";
import type { SketchDocument } from "./document";
import type { Element } from "./elements";
import { type Box, grown, height, holds, meets, width } from "./geometry";
import { paint, type Tint } from "./paint";

/** How much more than the view a picture shows, on each side, in parts of the view. */
const AROUND = 0.35;
const FRAME_MILLISECONDS = 6;
/** How far the zoom may be from the picture's before it looks coarse. */
const COARSE = 1.02;
/** Of few changes the parts are drawn anew; of many the whole. */
const MOST_PARTS = 24;

interface Picture {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly box: Box;
  /** Pixels of the picture for one of the board. */
  readonly scale: number;
  readonly zoom: number;
}

export class Layer {
  #shown: Picture | null = null;
  #next: { picture: Picture; left: readonly Element[]; at: number } | null = null;
  #isStale = true;
  #parts: Box[] = [];
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
    this.#next = null;
    this.#parts.push(...boxes);
    if (this.#parts.length > MOST_PARTS) this.restart();
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
    const view = seen(camera, size);
    const wanted = camera.zoom * ratio;
    const isFar =
      !this.#shown ||
      !holds(this.#shown.box, view) ||
      Math.abs(Math.log(this.#shown.zoom / camera.zoom)) > Math.log(COARSE);
    if (this.#shown && !this.#isStale && this.#parts.length) this.#mend(this.#shown);
    if ((this.#isStale || isFar) && !this.#next) this.#begin(view, wanted, camera.zoom);
    if (this.#next) this.#goOn();
    if (this.#shown) copy(context, this.#shown, camera, size, ratio);
    return this.#next !== null;
  }

  #begin(view: Box, scale: number, zoom: number): void {
    const box = grown(view, AROUND * Math.max(width(view), height(view)));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width(box) * scale);
    canvas.height = Math.ceil(height(box) * scale);
    const context = canvas.getContext("2d")!;
    context.setTransform(scale, 0, 0, scale, -box.left * scale, -box.top * scale);
    this.#next = { picture: { canvas, context, box, scale, zoom }, left: this.#visible(box), at: 0 };
    this.#isStale = false;
    this.#parts = [];
  }

  #visible(box: Box): readonly Element[] {
    const found = this.#document.in(box);
    return this.#hidden.size ? found.filter((element) => !this.#hidden.has(element.id)) : found;
  }

  #goOn(): void {
    const next = this.#next!;
    const end = performance.now() + FRAME_MILLISECONDS;
    while (next.at < next.left.length) {
      paint(next.picture.context, next.left[next.at++]!, this.#tint);
      if ((next.at & 15) === 0 && performance.now() > end) return;
    }
    this.#shown = next.picture;
    this.#next = null;
  }

  #mend(picture: Picture): void {
    const parts = this.#parts.filter((part) => meets(part, picture.box));
    this.#parts = [];
    for (const part of parts) {
      const box = onPixels(grown(part, 2 / picture.scale), picture);
      const { context } = picture;
      context.save();
      context.beginPath();
      context.rect(box.left, box.top, width(box), height(box));
      context.clip();
      context.clearRect(box.left, box.top, width(box), height(box));
      for (const element of this.#visible(box)) paint(context, element, this.#tint);
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
