/** Lets those stop who were writing and said no more. */

import { batch } from "@preact/signals";
import type { Cell } from "./cell";
import { expired } from "./typing";

const TICK_MILLISECONDS = 1_000;

export class TypingClock {
  readonly #cells: ReadonlyMap<number, Cell>;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(cells: ReadonlyMap<number, Cell>) {
    this.#cells = cells;
  }

  /** Runs until nobody writes any more. */
  watch(): void {
    this.#timer ??= setInterval(() => this.#expire(), TICK_MILLISECONDS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #expire(): void {
    let isAny = false;
    batch(() => {
      for (const cell of this.#cells.values()) {
        const typing = cell.state?.slices.typing;
        if (!typing?.size) continue;
        const left = expired(typing, Date.now());
        isAny ||= left.size > 0;
        if (left === typing) continue;
        cell.change((state) => ({ ...state, slices: { ...state.slices, typing: left } }));
        cell.show();
      }
    });
    if (!isAny) this.stop();
  }
}
