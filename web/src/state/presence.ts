/** Who is online, of the people one shares a channel with. */

import { type Signal, signal } from "@preact/signals";
import type { Rest } from "../protocol/rest";
import type { Page, PresenceChanged, Present } from "../protocol/wire";

/** A fact names no more than so many: then the list is asked for. */
const MOST_NAMED = 1_000;
/** Direct channels whose presence is asked for at the start. */
const MOST_AT_START = 30;

export class Presence {
  readonly #rest: Rest;
  readonly #loaded = new Set<number>();
  /** The new picture, while it is being asked for. */
  #fresh: ReadonlySet<number> | null = null;
  #life = 0;
  readonly online: Signal<ReadonlySet<number>> = signal(new Set());

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  changed(fact: PresenceChanged): void {
    this.online.value = after(this.online.value, fact);
    if (this.#fresh) this.#fresh = after(this.#fresh, fact);
    if (fact.online.length >= MOST_NAMED || fact.offline.length >= MOST_NAMED) {
      this.#loaded.delete(fact.channel_id);
      void this.load(fact.channel_id);
    }
  }

  /** Who is there now; what changes comes as facts, while there is a connection. */
  async load(channelId: number): Promise<void> {
    if (this.#loaded.has(channelId)) return;
    this.#loaded.add(channelId);
    try {
      const { items } = await this.#rest.get<Page<Present>>(`/channels/${channelId}/presence`);
      const there = items.map(({ user_id }) => user_id);
      this.online.value = new Set([...this.online.value, ...there]);
      if (this.#fresh) this.#fresh = new Set([...this.#fresh, ...there]);
    } catch {
      this.#loaded.delete(channelId);
    }
  }

  /** A connection is there, perhaps again: facts were missed, so all is asked anew. Until then the old picture stays. */
  async connected(channelIds: readonly number[]): Promise<void> {
    const channels = [...new Set([...this.#loaded, ...channelIds])].slice(0, MOST_AT_START);
    this.#loaded.clear();
    this.#fresh = new Set();
    const life = ++this.#life;
    for (const channelId of channels) await this.load(channelId);
    if (this.#fresh === null || this.#life !== life) return;
    this.online.value = this.#fresh;
    this.#fresh = null;
  }

  clear(): void {
    this.#loaded.clear();
    this.#life += 1;
    this.#fresh = null;
    this.online.value = new Set();
  }
}

function after(online: ReadonlySet<number>, fact: PresenceChanged): ReadonlySet<number> {
  const changed = new Set(online);
  for (const userId of fact.online) changed.add(userId);
  for (const userId of fact.offline) changed.delete(userId);
  return changed;
}
