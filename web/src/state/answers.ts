/** What answers under way have said, by run, whether or not their messages are loaded: pieces come only once. */

import type { AiDelta } from "../protocol/wire";

export class Answers {
  /** Split into code points, which is what offsets count. */
  readonly #said = new Map<number, readonly string[]>();
  /** Pieces before which others are missing. */
  readonly #early = new Map<number, readonly AiDelta[]>();

  /** Whether all is known that it has said. */
  isWhole(run: number): boolean {
    return this.#said.has(run) && !this.#early.has(run);
  }

  /** What a run has said up to some moment: pieces that came since are kept. */
  begin(run: number, text: string): void {
    const said = [...text];
    if (said.length >= (this.#said.get(run)?.length ?? 0)) this.#said.set(run, said);
    const early = this.#early.get(run) ?? [];
    this.#early.delete(run);
    for (const piece of early) this.hear(piece);
  }

  end(run: number): void {
    this.#said.delete(run);
    this.#early.delete(run);
  }

  clear(): void {
    this.#said.clear();
    this.#early.clear();
  }

  hear(piece: AiDelta): void {
    const { run_id, offset } = piece;
    const known = this.#said.get(run_id) ?? [];
    const said = [...known.slice(0, offset), ...piece.text];
    if (offset > known.length) this.#early.set(run_id, [...(this.#early.get(run_id) ?? []), piece]);
    else if (said.length >= known.length) this.#said.set(run_id, said);
  }

  /** As pieces from the beginning. */
  *pieces(channel_id: number): Iterable<AiDelta> {
    for (const [run_id, said] of this.#said) {
      yield { type: "ai.delta", channel_id, run_id, offset: 0, text: said.join("") };
    }
  }
}
