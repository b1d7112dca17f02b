/** Messages that are there: what one does to them, and finding them. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Rest } from "../protocol/rest";
import type { Found, Message, Page, Version } from "../protocol/wire";
import type { Acts } from "./acts";
import type { MessagesState } from "./api_talk";
import { deleted, edited, pinned, reacted, unpinned } from "./deeds";
import { kept } from "./kept";
import { find } from "./messages";
import type { Store } from "./store";

export class Messages implements MessagesState {
  readonly #rest: Rest;
  readonly #store: Store;
  readonly #acts: Acts;
  /** Fetched, since they weren't in memory. */
  readonly #fetched = new Map<string, Signal<Message | null | undefined>>();

  constructor(rest: Rest, store: Store, acts: Acts) {
    this.#rest = rest;
    this.#store = store;
    this.#acts = acts;
  }

  edit(channelId: number, seq: number, text: string): Promise<void> {
    const at = new Date().toISOString();
    return this.#acts.run(channelId, seq, { type: "message.edit", text }, (message) => edited(message, text, at));
  }

  remove(channelId: number, seq: number): Promise<void> {
    const at = new Date().toISOString();
    return this.#acts.run(channelId, seq, { type: "message.delete" }, (message) => deleted(message, at));
  }

  react(channelId: number, seq: number, emoji: string, isOn: boolean): Promise<void> {
    const { me } = this.#store;
    const frame = { type: isOn ? "reaction.add" : "reaction.remove", emoji };
    return this.#acts.run(channelId, seq, frame, (message) => reacted(message, me, emoji, isOn));
  }

  pin(channelId: number, seq: number, isPinned: boolean): Promise<void> {
    const { me } = this.#store;
    const at = new Date().toISOString();
    const frame = { type: isPinned ? "message.pin" : "message.unpin" };
    return this.#acts.run(channelId, seq, frame, (message) => (isPinned ? pinned(message, at, me) : unpinned(message)));
  }

  async pins(channelId: number): Promise<readonly Message[]> {
    return (await this.#rest.get<Page<Message>>(`/channels/${channelId}/pins`)).items;
  }

  pinsMark(channelId: number): ReadonlySignal<number> {
    const { pins } = this.#store.cell(channelId).signals;
    return computed(() => pins.value ?? 0);
  }

  async versions(channelId: number, seq: number): Promise<readonly Version[]> {
    return (await this.#rest.get<Page<Version>>(`/channels/${channelId}/messages/${seq}/versions`)).items;
  }

  search({ q, channel_id, cursor }: Parameters<MessagesState["search"]>[0]): Promise<Found> {
    return this.#rest.get("/search", { q, channel_id, cursor });
  }

  get(channelId: number, seq: number): ReadonlySignal<Message | null | undefined> {
    const { messages } = this.#store.cell(channelId).signals;
    return computed(() => find(messages.value ?? [], seq) ?? this.#fetch(channelId, seq).value);
  }

  clear(): void {
    this.#fetched.clear();
  }

  #fetch(channelId: number, seq: number): Signal<Message | null | undefined> {
    return kept(this.#fetched, `${channelId}/${seq}`, () => {
      const found = signal<Message | null | undefined>(undefined);
      this.#rest.get<Message>(`/channels/${channelId}/messages/${seq}`).then(
        (message) => {
          found.value = message;
        },
        () => {
          found.value = null;
        },
      );
      return found;
    });
  }
}
