/** What one has read: told to the server a moment later, once for many, and again after an outage. */

import { asFault } from "../protocol/faults";
import { type Tally, tallyOf } from "./counts";
import { confirmed, type Info, read } from "./info";
import { NEWEST, type Spans, spanAt } from "./messages";
import type { Store } from "./store";

const WAIT_MILLISECONDS = 400;

export class Reading {
  readonly #store: Store;
  readonly #tell: (channelId: number, seq: number) => Promise<unknown>;
  readonly #waiting = new Map<number, number>();
  readonly #uncounted = new Set<number>();
  /** Marked as unread, and so it stays until one leaves the channel or writes there. */
  readonly #held = new Set<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, tell: (channelId: number, seq: number) => Promise<unknown>) {
    this.#store = store;
    this.#tell = tell;
  }

  mark(channelId: number, seq: number): void {
    const read = this.#store.cell(channelId).state?.slices.info.channel.membership.last_read_seq ?? NEWEST;
    if (seq <= read || this.#held.has(channelId)) return;
    this.#apply(channelId, seq);
    this.#waiting.set(channelId, seq);
    this.#timer ??= setTimeout(() => this.flush(), WAIT_MILLISECONDS);
  }

  /** From this message on. */
  async markUnread(channelId: number, seq: number): Promise<void> {
    this.#held.add(channelId);
    this.#waiting.delete(channelId);
    this.#confirm(channelId, null);
    try {
      await this.#tell(channelId, seq - 1);
    } catch (error) {
      this.#held.delete(channelId);
      throw error;
    }
  }

  /** All of these channels, to their ends. */
  markAll(channelIds: readonly number[]): void {
    for (const channelId of channelIds) {
      this.release(channelId);
      this.mark(channelId, this.#store.cell(channelId).state?.slices.info.asOf ?? 0);
    }
    this.flush();
  }

  release(channelId: number): void {
    this.#held.delete(channelId);
  }

  /** Another tab has told the server. */
  markedElsewhere(channelId: number, seq: number): void {
    this.#apply(channelId, seq);
    this.#told(channelId, seq);
  }

  /** Marked as unread on another device. */
  hold(channelId: number): void {
    this.#held.add(channelId);
  }

  #apply(channelId: number, seq: number): void {
    const cell = this.#store.cell(channelId);
    const { info, messages } = cell.state?.slices ?? {};
    if (!info || !messages || seq <= info.channel.membership.last_read_seq) return;
    const unread = left(info, messages, seq, this.#store.me);
    if (unread === null) this.#uncounted.add(channelId);
    const changed = read(info, seq, unread ?? info.channel.membership);
    cell.change((state) => ({ ...state, slices: { ...state.slices, info: changed } }));
    cell.show();
  }

  /** Also when a connection is back: what couldn't be told waits for it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [channelId, seq] of [...this.#waiting]) {
      this.#waiting.delete(channelId);
      this.#tell(channelId, seq).then(
        () => this.#told(channelId, seq),
        (error) => this.#failed(channelId, seq, asFault(error).code),
      );
    }
  }

  /** Where memory couldn't count what is left, the server has. */
  #told(channelId: number, seq: number): void {
    this.#confirm(channelId, seq);
    if (this.#uncounted.delete(channelId)) this.#store.refresh(channelId).catch(() => {});
  }

  #confirm(channelId: number, seq: number | null): void {
    this.#store
      .cell(channelId)
      .change((state) => ({ ...state, slices: { ...state.slices, info: confirmed(state.slices.info, seq) } }));
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
    this.#uncounted.clear();
    this.#held.clear();
  }

  #failed(channelId: number, seq: number, code: string): void {
    if (code === "not_found" || code === "forbidden" || code === "invalid") return this.#confirm(channelId, seq);
    if (this.#held.has(channelId)) return;
    this.#waiting.set(channelId, Math.max(seq, this.#waiting.get(channelId) ?? 0));
  }
}

/** What is left after a seq, where what is in memory tells; null where it doesn't. */
export function left(info: Info, spans: Spans, seq: number, me: number): Tally | null {
  if (seq >= info.asOf) return { unread: 0, mentions: 0 };
  const { last_read_seq, unread, mentions } = info.channel.membership;
  const span = spanAt(spans, seq + 1);
  const among = (from: number, to: number): Tally => {
    const tallies = (span?.messages ?? [])
      .filter((one) => one.seq > from && one.seq <= to)
      .map((one) => tallyOf(one, me));
    return {
      unread: tallies.reduce((total, one) => total + one.unread, 0),
      mentions: tallies.reduce((total, one) => total + one.mentions, 0),
    };
  };
  if (span?.to === NEWEST) return among(seq, NEWEST);
  if (span === undefined || span.from > last_read_seq + 1) return null;
  const read = among(last_read_seq, seq);
  return { unread: Math.max(0, unread - read.unread), mentions: Math.max(0, mentions - read.mentions) };
}
