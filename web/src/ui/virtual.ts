/**
 * The arithmetic of a long list of which only a part is in the page: heights that were measured, guesses for the
 * rest, and where each row begins. No elements here.
 */

export interface Range {
  start: number;
  end: number;
}

/** Rows are put in and taken out in steps of so many, so that most scroll events change nothing. */
const STEP = 8;

export class Heights {
  private readonly measured = new Map<string, number>();
  private keys: readonly string[] = [];
  private tops: Float64Array = new Float64Array(1);
  private guess: (index: number) => number = () => 0;

  /** Takes the rows as they are now. Heights are remembered by key, so rows may come and go at both ends. */
  place(keys: readonly string[], guess: (index: number) => number): void {
    this.keys = keys;
    this.guess = guess;
    this.sum();
  }

  private sum(): void {
    const tops = new Float64Array(this.keys.length + 1);
    for (let index = 0; index < this.keys.length; index++) {
      tops[index + 1] = tops[index]! + (this.measured.get(this.keys[index]!) ?? this.guess(index));
    }
    this.tops = tops;
  }

  /** Whether any of these heights was news. */
  measure(heights: Iterable<readonly [string, number]>): boolean {
    let changed = false;
    for (const [key, height] of heights) {
      if (Math.abs((this.measured.get(key) ?? -1) - height) < 0.05) continue;
      this.measured.set(key, height);
      changed = true;
    }
    if (changed) this.sum();
    return changed;
  }

  /** After a change of width no height holds. */
  forget(): void {
    this.measured.clear();
    this.sum();
  }

  get total(): number {
    return this.tops[this.keys.length]!;
  }

  top(index: number): number {
    return this.tops[Math.max(0, Math.min(index, this.keys.length))]!;
  }

  indexOf(key: string): number {
    return this.keys.lastIndexOf(key);
  }

  /** The row that covers this distance from the top. */
  at(offset: number): number {
    let low = 0;
    let high = this.keys.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The rows between two distances, widened to whole steps. `end` is exclusive. */
  range(from: number, to: number): Range {
    if (!this.keys.length) return { start: 0, end: 0 };
    const start = Math.floor(this.at(Math.max(0, from)) / STEP) * STEP;
    const end = Math.ceil((this.at(Math.max(0, to)) + 1) / STEP) * STEP;
    return { start, end: Math.min(end, this.keys.length) };
  }
}
