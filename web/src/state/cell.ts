/** One channel in this tab: its state, the signals that views read, and what brings both up to date.
 *
 * Law: facts are applied in order of seq, each once. What comes too early is held back, what is missing is asked for.
 */

import { type Signal, signal } from "@preact/signals";
import type { Fact } from "../protocol/frames";
import type { AiDelta, AiFinished, AiStarted, Channel, Message } from "../protocol/wire";
import { Answers } from "./answers";
import type { Context } from "./slice";
import { type ChannelState, reduce, type Slices, slices, start, take } from "./slices";

/** Facts that are held back; with more of them the channel is loaded anew instead. */
export const MOST_HELD = 5_000;

type Signals = { readonly [Name in keyof Slices]: Signal<Slices[Name] | undefined> };

/** A request that is under way, and the facts that came meanwhile: its answer may be older than they are. */
interface Load {
  readonly facts: Fact[];
}

export class Cell {
  readonly id: number;
  readonly signals = Object.fromEntries(Object.keys(slices).map((name) => [name, signal(undefined)])) as Signals;
  #state: ChannelState | null = null;
  #held = new Map<number, Fact>();
  readonly #loads = new Set<Load>();
  readonly #answers = new Answers();
  /** Counts how often it was begun anew: what was asked before then is of no use. */
  life = 0;

  constructor(id: number) {
    this.id = id;
  }

  get state(): ChannelState | null {
    return this.#state;
  }

  get cursor(): number {
    return this.#state?.cursor ?? 0;
  }

  /** Facts wait for others that haven't come. */
  get hasHole(): boolean {
    return this.#held.size > 0;
  }

  /** From nothing: whatever was known is of an earlier time, and the facts between are not. */
  begin(channel: Channel): void {
    this.life += 1;
    this.#loads.clear();
    this.#held.clear();
    this.#state = start(channel);
  }

  forget(): void {
    this.life += 1;
    this.#loads.clear();
    this.#held.clear();
    this.#answers.clear();
    this.#state = null;
    this.show();
  }

  /** Gives the lasting ones that were applied, in order; among them may be some that were held back before. */
  hear(facts: readonly Fact[], context: Context): readonly Fact[] {
    const applied: Fact[] = [];
    for (const fact of facts) this.#accept(fact, context, applied);
    return applied;
  }

  /** Asks the server, and gives the answer to `merge`; then what came since is applied once more. */
  async load<T>(
    request: () => Promise<T>,
    merge: (state: ChannelState, answer: T) => ChannelState,
    context: () => Context,
  ): Promise<boolean> {
    const load: Load = { facts: [] };
    const { life } = this;
    this.#loads.add(load);
    try {
      const answer = await request();
      if (this.life !== life || !this.#state) return false;
      let state = merge(this.#state, answer);
      for (const fact of load.facts) state = reduce(state, fact, context());
      this.#state = state;
      this.#saySoFar(context());
      this.show();
      return true;
    } finally {
      this.#loads.delete(load);
    }
  }

  /** Answers that are loaded and under way, of which not all is known that they have said. */
  get unheard(): readonly number[] {
    const runs: number[] = [];
    for (const { messages } of this.#state?.slices.messages ?? []) {
      for (const { ai } of messages)
        if (ai?.status === "running" && !this.#answers.isWhole(ai.run_id)) runs.push(ai.run_id);
    }
    return runs;
  }

  /** The server's word on an answer: all that it has said. */
  tell(run: number, message: Message, context: Context): void {
    if (message.ai?.status !== "running") return;
    this.#answers.begin(run, message.text);
    this.#saySoFar(context);
    this.show();
  }

  change(change: (state: ChannelState) => ChannelState): void {
    if (this.#state) this.#state = change(this.#state);
  }

  /** Gives the views what has changed. */
  show(): void {
    for (const [name, shown] of Object.entries(this.signals)) {
      shown.value = this.#state?.slices[name as keyof Slices] as never;
    }
  }

  #accept(fact: Fact, context: Context, applied: Fact[]): void {
    if (fact.type === "ai.delta") this.#answers.hear(fact as unknown as AiDelta);
    if (!this.#state) return;
    if (fact.seq === undefined) {
      // What one has read has no seq, and an answer that is under way may be older.
      if (fact.type === "channel.read") for (const load of this.#loads) load.facts.push(fact);
      this.#state = reduce(this.#state, fact, context);
      return;
    }
    if (fact.seq > this.cursor + 1) {
      if (this.#held.size < MOST_HELD) this.#held.set(fact.seq, fact);
      return;
    }
    let next: Fact | undefined = fact;
    while (next && this.#state) {
      this.#held.delete(next.seq as number);
      if (next.seq === this.cursor + 1) {
        for (const load of this.#loads) load.facts.push(next);
        this.#hearTurn(next);
        applied.push(next);
      }
      this.#state = take(this.#state, next, context);
      next = this.#held.get(this.cursor + 1);
    }
    if (this.#held.size) this.#dropOld();
  }

  #hearTurn(fact: Fact): void {
    const { run_id, message } = fact as unknown as AiStarted | AiFinished;
    if (fact.type === "ai.started") this.#answers.begin(run_id, message.text);
    else if (fact.type === "ai.finished") this.#answers.end(run_id);
  }

  #saySoFar(context: Context): void {
    for (const piece of this.#answers.pieces(this.id)) {
      if (this.#state) this.#state = reduce(this.#state, piece as unknown as Fact, context);
    }
  }

  #dropOld(): void {
    for (const seq of this.#held.keys()) if (seq <= this.cursor) this.#held.delete(seq);
  }
}
