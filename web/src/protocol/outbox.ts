/** One's own messages on their way.
 *
 * Law: each is told its end once, `sent` or `failed`, and only when the server has said so. Until then it is asked
 * again, with the same `client_id`, after every loss of the socket: the server takes it once.
 */

import { jitter } from "./closes";
import { asFault, isPassing, OFFLINE } from "./faults";
import type { AskFrame, OkFrame } from "./frames";
import type { File } from "./wire";

export interface OutboxEntry {
  readonly channel_id: number;
  readonly client_id: string;
  readonly text: string;
  readonly reply_to: number | null;
  readonly thread: number | null;
  /** Of a reply in a thread: it stands in the channel, too. */
  readonly to_channel?: boolean;
  /** Files that were uploaded for it. */
  readonly attachments?: readonly File[];
  /** When it was written, for the order, and for those that are too old to be sent unasked. */
  readonly created_at: string;
}

export type Settled =
  | { readonly state: "sent"; readonly seq: number; readonly created_at: string }
  | { readonly state: "failed"; readonly code: string; readonly detail: string };

/** The server takes 64 posts of a socket at once. */
const AT_ONCE = 32;
const ANSWER_MILLISECONDS = 10_000;
/** Ends that are remembered, for a tab that hands in again what another has sent. */
const REMEMBERED = 500;

interface Sending {
  readonly entry: OutboxEntry;
  state: "waiting" | "asked" | "pausing";
  attempt: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class Outbox {
  readonly #ask: (frame: AskFrame) => Promise<OkFrame>;
  readonly #onSettled: (entry: OutboxEntry, settled: Settled) => void;
  readonly #sendings = new Map<string, Sending>();
  readonly #ends = new Map<string, Settled>();
  #isOnline = false;

  constructor(ask: (frame: AskFrame) => Promise<OkFrame>, onSettled: (entry: OutboxEntry, settled: Settled) => void) {
    this.#ask = ask;
    this.#onSettled = onSettled;
  }

  get size(): number {
    return this.#sendings.size;
  }

  post(entry: OutboxEntry): void {
    const key = keyOf(entry);
    const end = this.#ends.get(key);
    if (end?.state === "sent") this.#onSettled(entry, end);
    else if (!this.#sendings.has(key)) {
      this.#ends.delete(key);
      this.#sendings.set(key, { entry, state: "waiting", attempt: 0, timer: undefined });
      this.#next();
    }
  }

  /** Takes one back that has not been confirmed. It may have arrived all the same. */
  discard(channelId: number, clientId: string): void {
    const key = keyOf({ channel_id: channelId, client_id: clientId });
    clearTimeout(this.#sendings.get(key)?.timer);
    this.#sendings.delete(key);
  }

  connected(): void {
    this.#isOnline = true;
    for (const sending of this.#sendings.values()) this.#rest(sending);
    this.#next();
  }

  disconnected(): void {
    this.#isOnline = false;
    for (const sending of this.#sendings.values()) this.#rest(sending);
  }

  clear(): void {
    for (const sending of this.#sendings.values()) clearTimeout(sending.timer);
    this.#sendings.clear();
    this.#ends.clear();
  }

  #next(): void {
    if (!this.#isOnline) return;
    let free = AT_ONCE;
    for (const { state } of this.#sendings.values()) if (state === "asked") free -= 1;
    for (const sending of this.#sendings.values()) {
      if (free <= 0) return;
      if (sending.state !== "waiting") continue;
      free -= 1;
      void this.#send(sending);
    }
  }

  async #send(sending: Sending): Promise<void> {
    const { channel_id, client_id, text, reply_to, thread, to_channel, attachments = [] } = sending.entry;
    sending.state = "asked";
    const more = {
      ...given({ reply_to, thread, to_channel }),
      ...(attachments.length ? { attachments: attachments.map(({ id }) => id) } : {}),
    };
    const frame = { type: "message.post", channel_id, client_id, text, ...more };
    const timer = setTimeout(() => this.#again(sending), ANSWER_MILLISECONDS);
    sending.timer = timer;
    try {
      const ok = await this.#ask(frame);
      this.#settle(sending, { state: "sent", seq: Number(ok["seq"]), created_at: String(ok["created_at"]) });
    } catch (error) {
      this.#refused(sending, asFault(error));
    } finally {
      clearTimeout(timer);
    }
    this.#next();
  }

  #refused(sending: Sending, fault: ReturnType<typeof asFault>): void {
    // After a loss, `connected` sends it again.
    if (fault.code === OFFLINE || this.#sendings.get(keyOf(sending.entry)) !== sending) return;
    if (!isPassing(fault.code)) {
      this.#settle(sending, { state: "failed", code: fault.code, detail: fault.detail });
      return;
    }
    clearTimeout(sending.timer);
    sending.state = "pausing";
    sending.attempt += 1;
    const pause = Math.max((fault.retryAfterSeconds ?? 0) * 1000, jitter(sending.attempt, Math.random));
    sending.timer = setTimeout(() => this.#again(sending), pause);
  }

  /** The same `client_id` again: had the first one arrived, this is its lost answer. */
  #again(sending: Sending): void {
    if (this.#sendings.get(keyOf(sending.entry)) !== sending) return;
    sending.state = "waiting";
    this.#next();
  }

  #settle(sending: Sending, settled: Settled): void {
    const key = keyOf(sending.entry);
    // Discarded, or answered twice.
    if (this.#sendings.get(key) !== sending) return;
    clearTimeout(sending.timer);
    this.#sendings.delete(key);
    this.#ends.set(key, settled);
    if (this.#ends.size > REMEMBERED) this.#ends.delete(this.#ends.keys().next().value as string);
    this.#onSettled(sending.entry, settled);
  }

  #rest(sending: Sending): void {
    clearTimeout(sending.timer);
    sending.state = "waiting";
  }
}

function keyOf(entry: { channel_id: number; client_id: string }): string {
  return `${entry.channel_id} ${entry.client_id}`;
}

/** What says something: neither null nor false. */
function given(fields: Record<string, number | boolean | null | undefined>): Record<string, number | boolean> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as Record<string, number | boolean>;
}
