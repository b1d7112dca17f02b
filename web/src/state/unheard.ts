/** What answers under way have said before one listened: asked for until it is known. */
import { batch } from "@preact/signals";
import type { Rest } from "../protocol/rest";
import type { Answered } from "../protocol/wire";
import type { Cell } from "./cell";
import type { Context } from "./slice";

const AGAIN_MILLISECONDS = 500;

export class Unheard {
  readonly #rest: Rest;
  readonly #context: () => Context;
  readonly #asking = new Set<number>();

  constructor(rest: Rest, context: () => Context) {
    this.#rest = rest;
    this.#context = context;
  }

  ask(cell: Cell): void {
    for (const run of cell.unheard) if (!this.#asking.has(run)) void this.#ask(cell, run);
  }

  async #ask(cell: Cell, run: number): Promise<void> {
    this.#asking.add(run);
    try {
      const { message } = await this.#rest.get<Answered>(`/ai/runs/${run}`);
      batch(() => cell.tell(run, message, this.#context()));
    } catch {
      // it is asked again
    }
    setTimeout(() => {
      this.#asking.delete(run);
      this.ask(cell);
    }, AGAIN_MILLISECONDS);
  }
}
