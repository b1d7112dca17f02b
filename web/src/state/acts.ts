/** What one does to messages that are there: edit, delete, react, pin. It shows at once, and is never lost on the way.
 *
 * Law: an act stands over the messages until its fact is here or the server has refused it. While there is no connection
 * it waits, and is asked again; said twice, it is the same.
 */

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { jitter } from "../protocol/closes";
import { asFault, Fault, isPassing, OFFLINE } from "../protocol/faults";
import type { AskFrame, OkFrame } from "../protocol/frames";
import type { Message } from "../protocol/wire";
import { kept } from "./kept";

export interface Act {
  readonly seq: number;
  readonly make: (message: Message) => Message;
  /** Of its fact, once the server has said so. */
  readonly doneAt: number | null;
}

export interface ActsSurroundings {
  ask(frame: AskFrame): Promise<OkFrame>;
  /** How far a channel's facts have come. */
  cursor(channelId: number): number;
}

const NONE: readonly Act[] = [];
/** The fact comes in the same moment; should it not, the message is shown as the server last told. */
const DONE_MILLISECONDS = 5_000;

export class Acts {
  readonly #around: ActsSurroundings;
  readonly #acts = new Map<number, Signal<readonly Act[]>>();
  readonly #waiting = new Set<() => void>();
  #life = 0;

  constructor(around: ActsSurroundings) {
    this.#around = around;
  }

  of(channelId: number): ReadonlySignal<readonly Act[]> {
    return this.#of(channelId);
  }

  /** Resolves when the server has done it; rejects when it refused. */
  async run(channelId: number, seq: number, frame: AskFrame, make: Act["make"]): Promise<void> {
    const life = this.#life;
    const act: Act = { seq, make, doneAt: null };
    const list = this.#of(channelId);
    list.value = [...list.value, act];
    for (let attempt = 0; ; attempt++) {
      try {
        const ok = await this.#around.ask({ ...frame, channel_id: channelId, seq });
        if (this.#life === life) this.#done(channelId, act, Number(ok["seq"]));
        return;
      } catch (error) {
        const fault = asFault(error);
        if (this.#life !== life || !isPassing(fault.code)) {
          this.#drop(channelId, act);
          throw fault;
        }
        await this.#again(fault, attempt);
        if (this.#life !== life) throw new Fault(OFFLINE, "Signed out.");
      }
    }
  }

  /** A connection is there again. */
  connected(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const go of waiting) go();
  }

  /** A lasting fact was applied: acts that it is about are no longer needed. */
  told(channelId: number, seq: number): void {
    const list = this.#acts.get(channelId);
    if (!list?.value.some(({ doneAt }) => doneAt !== null && doneAt <= seq)) return;
    list.value = list.value.filter(({ doneAt }) => doneAt === null || doneAt > seq);
  }

  clear(): void {
    this.#life += 1;
    batch(() => {
      for (const list of this.#acts.values()) list.value = NONE;
    });
    this.connected();
  }

  #of(channelId: number): Signal<readonly Act[]> {
    return kept(this.#acts, channelId, () => signal(NONE));
  }

  #done(channelId: number, act: Act, doneAt: number): void {
    if (this.#around.cursor(channelId) >= doneAt) return this.#drop(channelId, act);
    const list = this.#of(channelId);
    const done = { ...act, doneAt };
    list.value = list.value.map((one) => (one === act ? done : one));
    setTimeout(() => this.#drop(channelId, done), DONE_MILLISECONDS);
  }

  #drop(channelId: number, act: Act): void {
    const list = this.#of(channelId);
    if (list.value.includes(act)) list.value = list.value.filter((one) => one !== act);
  }

  #again(fault: Fault, attempt: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      if (fault.code === OFFLINE) return;
      const pause = Math.max((fault.retryAfterSeconds ?? 0) * 1000, jitter(attempt + 1, Math.random));
      setTimeout(() => this.#waiting.delete(resolve) && resolve(), pause);
    });
  }
}

/** The messages as they will be once all acts are done. */
export function withActs(messages: readonly Message[], acts: readonly Act[]): readonly Message[] {
  if (!acts.length) return messages;
  const meant = new Set(acts.map(({ seq }) => seq));
  return messages.map((message) =>
    meant.has(message.seq)
      ? acts.reduce((made, act) => (act.seq === message.seq ? act.make(made) : made), message)
      : message,
  );
}
