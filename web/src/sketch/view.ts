/** The two canvases of an open sketch: finished elements below, what is drawn by hand above. A frame only when needed. */

import { effect } from "@preact/signals";
import type { Board } from "./board";
import { onPicture } from "./images";
import { Layer } from "./layer";
import { draggedBy, drawOverlay } from "./overlay";
import { Pointers } from "./pointer";
import { tintOf } from "./tint";

const MOST_RATIO = 2;

export interface Canvases {
  readonly surface: HTMLElement;
  readonly finished: HTMLCanvasElement;
  readonly byHand: HTMLCanvasElement;
}

export class View {
  readonly pointers: Pointers;
  readonly #board: Board;
  readonly #canvases: Canvases;
  readonly #finished: CanvasRenderingContext2D;
  readonly #byHand: CanvasRenderingContext2D;
  readonly #layer: Layer;
  readonly #ends: (() => void)[] = [];
  #tint = tintOf(document.documentElement);
  #frame = 0;
  #isFinishedOld = true;

  constructor(board: Board, canvases: Canvases) {
    this.#board = board;
    this.#canvases = canvases;
    this.#finished = canvases.finished.getContext("2d")!;
    // Ink reaches the screen without waiting for the rest of the page.
    this.#byHand = canvases.byHand.getContext("2d", { desynchronized: true })!;
    this.#layer = new Layer(board.document, this.#tint);
    this.pointers = new Pointers(board, canvases.surface);
    board.redraw = () => {
      this.#layer.hide(this.#hidden());
      this.#plan(this.#layer.isChanged);
    };
    this.#ends.push(
      board.document.listen(({ boxes }) => {
        this.#layer.change(boxes);
        this.#plan(true);
      }),
      effect(() => {
        void board.camera.value;
        this.#plan(true);
      }),
      onPicture(() => this.#restart()),
      this.#watchSize(),
      this.#watchTheme(),
    );
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#board.redraw = () => {};
    for (const end of this.#ends) end();
  }

  #hidden(): Set<string> {
    const others = this.#board.presence.others().flatMap((other) => draggedBy(this.#board, other));
    return new Set([...this.#board.live.hidden, ...others.map(({ id }) => id)]);
  }

  #watchSize(): () => void {
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(this.#canvases.surface);
    return () => observer.disconnect();
  }

  #watchTheme(): () => void {
    const change = () => {
      this.#tint = tintOf(document.documentElement);
      this.#restart();
    };
    const observer = new MutationObserver(change);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", change);
    return () => {
      observer.disconnect();
      dark.removeEventListener("change", change);
    };
  }

  #restart(): void {
    this.#layer.restart(this.#tint);
    this.#plan(true);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvases.surface;
    if (!width || !height) return;
    const ratio = this.#ratio;
    for (const canvas of [this.#canvases.finished, this.#canvases.byHand]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.#board.resize({ width, height });
    this.#plan(true);
    this.#draw(); // a canvas of another size is empty until it is drawn
  }

  get #ratio(): number {
    return Math.min(MOST_RATIO, devicePixelRatio || 1);
  }

  #plan(isFinishedOld: boolean): void {
    this.#isFinishedOld ||= isFinishedOld;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const size = this.#board.size.value;
    if (this.#isFinishedOld) {
      this.#finished.setTransform(1, 0, 0, 1, 0, 0);
      this.#finished.clearRect(0, 0, this.#canvases.finished.width, this.#canvases.finished.height);
      this.#isFinishedOld = this.#layer.draw(this.#finished, this.#board.camera.value, size, this.#ratio);
    }
    drawOverlay(this.#byHand, this.#board, size, this.#ratio, this.#tint);
    if (this.#isFinishedOld) this.#plan(true);
  }
}
