/** What one has read: told to the server a moment later, once for many, and again after an outage. */

import { asFault } from "../protocol/faults";
import type { Membership } from "../protocol/wire";
import { type Info, read } from "./info";
import { NEWEST, type Spans, spanAt } from "./messages";
import type { Store } from "./store";

const WAIT_MILLISECONDS = 400;

export class Reading {
  readonly #store: Store;
  readonly #tell: (channelId: number, seq: number) => Promise<unknown>;
  readonly #waiting = new Map<number, number>();
  readonly #uncounted = new Set<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, tell: (channelId: number, seq: number) => Promise<unknown>) {
    this.#store = store;
    this.#tell = tell;
  }

  mark(channelId: number, seq: number): void {
    const read = this.#store.cell(channelId).state?.slices.info.channel.membership.last_read_seq ?? NEWEST;
    if (seq <= read) return;
    this.#apply(channelId, seq);
    this.#waiting.set(channelId, seq);
    this.#timer ??= setTimeout(() => this.flush(), WAIT_MILLISECONDS);
  }

  /** Another tab has told the server. */
  markedElsewhere(channelId: number, seq: number): void {
    this.#apply(channelId, seq);
    this.#told(channelId);
  }

  #apply(channelId: number, seq: number): void {
    const cell = this.#store.cell(channelId);
    const { info, messages } = cell.state?.slices ?? {};
    if (!info || !messages || seq <= info.channel.membership.last_read_seq) return;
    const unread = left(info, messages, seq, this.#store.me);
    if (unread === null) this.#uncounted.add(channelId);
    const changed = read(info, seq, unread ?? info.channel.membership.unread);
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
        () => this.#told(channelId),
        (error) => this.#failed(channelId, seq, asFault(error).code),
      );
    }
  }

  /** Where memory couldn't count what is left, the server has. */
  #told(channelId: number): void {
    if (this.#uncounted.delete(channelId)) this.#store.refresh(channelId).catch(() => {});
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
    this.#uncounted.clear();
  }

  #failed(channelId: number, seq: number, code: string): void {
    if (code === "not_found" || code === "forbidden" || code === "invalid") return;
    this.#waiting.set(channelId, Math.max(seq, this.#waiting.get(channelId) ?? 0));
  }
}

/** Messages of others after a seq, where what is in memory tells; null where it doesn't. */
export function left(info: Info, spans: Spans, seq: number, me: number): Membership["unread"] | null {
  if (seq >= info.asOf) return 0;
  const isForeign = ({ author_id }: { author_id: number }) => author_id !== me;
  const span = spanAt(spans, seq + 1);
  if (span?.to === NEWEST) return span.messages.filter((one) => one.seq > seq && isForeign(one)).length;
  const { last_read_seq, unread } = info.channel.membership;
  if (span === undefined || span.from > last_read_seq + 1) return null;
  const read = span.messages.filter((one) => one.seq > last_read_seq && one.seq <= seq && isForeign(one)).length;
  return Math.max(0, unread - read);
}
