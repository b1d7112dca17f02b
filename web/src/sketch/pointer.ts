/** From pointer events to gestures: one pointer draws, two fingers pan and zoom, and a palm beside a pen does nothing. */

import { type Board, tools } from "./board";
import { fromView } from "./camera";
import { distance, type Vector } from "./geometry";
import { Panning } from "./tools/others";
import { overAt } from "./tools/select";
import type { Gesture, Press } from "./tools/tool";

/** So soon after a pen no touch is meant: it is the hand that holds it. */
const PALM_MILLISECONDS = 700;
const WHEEL_ZOOM = 0.0022;

export class Pointers {
  readonly #board: Board;
  readonly #surface: HTMLElement;
  readonly #fingers = new Map<number, Vector>();
  #active: { id: number; gesture: Gesture | null } | null = null;
  #pinch: { span: number; middle: Vector } | null = null;
  #penAt = -Infinity;
  #isSpaceDown = false;

  constructor(board: Board, surface: HTMLElement) {
    this.#board = board;
    this.#surface = surface;
    surface.addEventListener("pointerdown", this.#down);
    surface.addEventListener("pointermove", this.#move);
    surface.addEventListener("pointerup", this.#up);
    surface.addEventListener("pointercancel", this.#cancel);
    surface.addEventListener("pointerleave", this.#leave);
    surface.addEventListener("wheel", this.#wheel, { passive: false });
  }

  set isSpaceDown(isDown: boolean) {
    this.#isSpaceDown = isDown;
  }

  /** Whether there was something to be given up. */
  cancel(): boolean {
    const active = this.#active;
    this.#active = null;
    this.#board.drawing.value = false;
    active?.gesture?.cancel();
    return Boolean(active?.gesture);
  }

  readonly #down = (event: PointerEvent) => {
    const at = this.#view(event);
    if (event.pointerType === "pen") this.#penCame(event);
    if (event.pointerType === "touch") {
      if (event.timeStamp - this.#penAt < PALM_MILLISECONDS) return;
      this.#fingers.set(event.pointerId, at);
      if (this.#fingers.size === 2) {
        this.cancel();
        this.#pinch = this.#span();
      }
      if (this.#fingers.size > 1) return;
    }
    if (this.#active || (event.button !== 0 && event.button !== 1)) return;
    if (this.#board.writing.value) (document.activeElement as HTMLElement | null)?.blur();
    try {
      this.#surface.setPointerCapture(event.pointerId);
    } catch {
      // it is up again already
    }
    const press = this.#press(event);
    const isFinger = event.pointerType === "touch" && this.#board.isPenOnly.value;
    const isPanning = event.button === 1 || this.#isSpaceDown || isFinger;
    if (event.button === 1) event.preventDefault();
    const gesture = isPanning
      ? new Panning(this.#board, press)
      : tools[this.#board.tool.value].begin(this.#board, press);
    this.#active = { id: event.pointerId, gesture };
    this.#board.drawing.value = true;
  };

  readonly #move = (event: PointerEvent) => {
    const at = this.#view(event);
    if (event.pointerType === "pen") this.#penAt = event.timeStamp;
    if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, at);
    if (this.#pinch && this.#fingers.size === 2) {
      this.#pinched();
      return;
    }
    const press = this.#press(event);
    this.#board.presence.tell({ cursor: press.at });
    if (!this.#active && event.pointerType === "mouse") this.#hover(press);
    if (this.#active?.id !== event.pointerId) return;
    const sampled = event.getCoalescedEvents?.() ?? [];
    this.#active.gesture?.move(sampled.length ? sampled.map((one) => this.#press(one)) : [press]);
  };

  readonly #up = (event: PointerEvent) => {
    this.#lift(event);
    if (this.#active?.id !== event.pointerId) return;
    const { gesture } = this.#active;
    this.#active = null;
    this.#board.drawing.value = false;
    gesture?.end(this.#press(event));
  };

  readonly #cancel = (event: PointerEvent) => {
    this.#lift(event);
    if (this.#active?.id === event.pointerId) this.cancel();
    this.#board.drawing.value = false;
  };

  /** The hand may have come down before the pen: what it has begun is given up. */
  #penCame(event: PointerEvent): void {
    this.#penAt = event.timeStamp;
    this.#board.isPenOnly.value = true;
    this.#fingers.clear();
    this.#pinch = null;
    if (this.#active && this.#active.id !== event.pointerId) this.cancel();
  }

  /** What pressing here would do. */
  #hover({ at }: Press): void {
    const isSelecting = this.#board.tool.value === "select";
    this.#surface.dataset["over"] = isSelecting ? overAt(this.#board, at) : "";
  }

  #lift(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#fingers.size < 2) this.#pinch = null;
  }

  readonly #leave = () => this.#board.presence.tell({ cursor: null });

  #span(): { span: number; middle: Vector } {
    const [one, other] = Array.from(this.#fingers.values()) as [Vector, Vector];
    return { span: distance(one, other), middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 } };
  }

  #pinched(): void {
    const before = this.#pinch!;
    const now = this.#span();
    this.#board.pan(now.middle.x - before.middle.x, now.middle.y - before.middle.y);
    if (before.span > 0) this.#board.zoom(now.span / before.span, now.middle);
    this.#pinch = now;
  }

  readonly #wheel = (event: WheelEvent) => {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 18 : 1;
    if (event.ctrlKey || event.metaKey) {
      this.#board.zoom(Math.exp(-event.deltaY * unit * WHEEL_ZOOM * 4), this.#view(event));
    } else if (event.shiftKey && !event.deltaX) {
      this.#board.pan(-event.deltaY * unit, 0);
    } else {
      this.#board.pan(-event.deltaX * unit, -event.deltaY * unit);
    }
  };

  #view(event: MouseEvent): Vector {
    const box = this.#surface.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #press(event: PointerEvent): Press {
    const view = this.#view(event);
    const { camera, size } = this.#board;
    const isPen = event.pointerType === "pen" && event.pressure > 0;
    return {
      at: fromView(camera.value, size.value, view),
      view,
      pressure: isPen ? event.pressure : 0.5,
      shift: event.shiftKey,
      alt: event.altKey,
    };
  }
}
