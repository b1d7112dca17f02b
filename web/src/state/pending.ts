/** One's own messages that the server hasn't confirmed: on the screen at once, kept over a reload, never given up silently.
 *
 * Each lies in localStorage under a name of its own, so that tabs don't overwrite each other's.
 */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { OutboxEntry, Settled } from "../protocol/outbox";
import type { PendingMessage } from "./api";
import { kept } from "./kept";

/** One that is older isn't sent unasked: its author may long have said it otherwise. */
export const STALE_MILLISECONDS = 60 * 60_000;
/** How long a confirmed one waits for its fact, which normally comes in the same moment. */
const SENT_MILLISECONDS = 5_000;

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export interface PendingSurroundings {
  readonly storage: Kept | null;
  post(entry: OutboxEntry): void;
  discard(channelId: number, clientId: string): void;
  /** Whether the fact with this seq has been applied, so that nothing has to stand in for it. */
  isThere(channelId: number, seq: number): boolean;
}

export class Pending {
  readonly #around: PendingSurroundings;
  readonly #channels = new Map<number, Signal<readonly PendingMessage[]>>();
  #me = 0;

  constructor(around: PendingSurroundings) {
    this.#around = around;
  }

  of(channelId: number): ReadonlySignal<readonly PendingMessage[]> {
    return this.#of(channelId);
  }

  /** What this user had on its way when the page was last closed. */
  restore(me: number): void {
    this.clear();
    this.#me = me;
    const found = this.#stored().sort((a, b) => a.created_at.localeCompare(b.created_at));
    for (const one of found) this.add(isStale(one) ? expired(one) : one, false);
  }

  /** Says all again that waits, to a hub that may not know it. */
  repost(): void {
    for (const { value } of this.#channels.values()) {
      for (const one of value) if (one.state === "pending") this.#around.post(entryOf(one));
    }
  }

  /** Visible before this returns. `isElsewhere`: another tab sends it. */
  add(message: PendingMessage, isElsewhere: boolean): void {
    const list = this.#of(message.channel_id);
    if (list.value.some(({ client_id }) => client_id === message.client_id)) return;
    list.value = [...list.value, message];
    if (isElsewhere) return;
    this.#save(message);
    if (message.state === "pending") this.#around.post(entryOf(message));
  }

  settled(entry: OutboxEntry, settled: Settled): void {
    const { channel_id, client_id } = entry;
    if (settled.state === "failed") {
      this.#change(channel_id, client_id, { state: "failed", code: settled.code, detail: settled.detail });
      return;
    }
    this.#unsave(channel_id, client_id);
    if (this.#around.isThere(channel_id, settled.seq)) {
      this.arrived(channel_id, client_id);
      return;
    }
    this.#change(channel_id, client_id, { state: "sent", seq: settled.seq, created_at: settled.created_at });
    setTimeout(() => this.arrived(channel_id, client_id), SENT_MILLISECONDS);
  }

  /** Its fact has come, or it was taken back. */
  arrived(channelId: number, clientId: string): void {
    this.#unsave(channelId, clientId);
    const list = this.#channels.get(channelId);
    if (list?.value.some(({ client_id }) => client_id === clientId)) {
      list.value = list.value.filter(({ client_id }) => client_id !== clientId);
    }
  }

  resend(channelId: number, clientId: string, freshId: string): void {
    const message = this.#of(channelId).value.find((one) => one.client_id === clientId);
    if (message?.state !== "failed") return;
    this.discard(channelId, clientId);
    // After a conflict its id names another message. Else the same id, in case it had arrived after all.
    const client_id = message.code === "conflict" ? freshId : clientId;
    const created_at = new Date().toISOString();
    this.add({ ...message, client_id, created_at, state: "pending", code: "", detail: "" }, false);
  }

  discard(channelId: number, clientId: string): void {
    this.#around.discard(channelId, clientId);
    this.arrived(channelId, clientId);
  }

  /** Forgets what is shown; what is stored stays, for its author's next sign-in. */
  clear(): void {
    for (const list of this.#channels.values()) list.value = [];
  }

  /** Forgets also what is stored. */
  erase(): void {
    for (const { channel_id, client_id } of this.#stored()) this.#unsave(channel_id, client_id);
    this.clear();
  }

  #of(channelId: number): Signal<readonly PendingMessage[]> {
    return kept(this.#channels, channelId, () => signal<readonly PendingMessage[]>([]));
  }

  #change(channelId: number, clientId: string, change: Partial<PendingMessage>): void {
    const list = this.#of(channelId);
    const changed = list.value.map((one) => (one.client_id === clientId ? { ...one, ...change } : one));
    list.value = changed;
    const message = changed.find((one) => one.client_id === clientId);
    if (message?.state === "failed") this.#save(message);
  }

  #name(channelId: number, clientId: string): string {
    return `${this.#prefix()}${channelId}:${clientId}`;
  }

  #prefix(): string {
    return `chalkline:outbox:${this.#me}:`;
  }

  #save(message: PendingMessage): void {
    try {
      this.#around.storage?.setItem(this.#name(message.channel_id, message.client_id), JSON.stringify(message));
    } catch {
      // Full, or forbidden: it is sent all the same, but wouldn't survive a reload.
    }
  }

  #unsave(channelId: number, clientId: string): void {
    this.#around.storage?.removeItem(this.#name(channelId, clientId));
  }

  #stored(): PendingMessage[] {
    const { storage } = this.#around;
    const names = Array.from({ length: storage?.length ?? 0 }, (_, index) => storage?.key(index) ?? "");
    return names
      .filter((name) => name.startsWith(this.#prefix()))
      .map((name) => parsed(storage?.getItem(name) ?? ""))
      .filter((one) => one !== null);
  }
}

function parsed(text: string): PendingMessage | null {
  try {
    const one = JSON.parse(text) as PendingMessage;
    return typeof one.text === "string" && typeof one.created_at === "string" ? one : null;
  } catch {
    return null;
  }
}

function isStale(one: PendingMessage): boolean {
  return one.state === "pending" && Date.now() - Date.parse(one.created_at) > STALE_MILLISECONDS;
}

function expired(one: PendingMessage): PendingMessage {
  return { ...one, state: "failed", code: "expired", detail: "It waited too long to be sent by itself." };
}

function entryOf({
  channel_id,
  client_id,
  text,
  reply_to,
  thread,
  to_channel = false,
  attachments = [],
  created_at,
}: PendingMessage): OutboxEntry {
  return { channel_id, client_id, text, reply_to, thread, to_channel, attachments, created_at };
}
