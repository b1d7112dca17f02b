/** The tabs of a hub, and which channels each wants to hear. A tab that dies without a word is noticed. */

import type { FromHub, Port, ToHub } from "./ports";

/** Hidden tabs may run their timers once a minute; several of those, and it is dead. Only where there are no locks. */
export const SILENT_MILLISECONDS = 5 * 60_000;

interface Tab {
  readonly followed: Set<number>;
  heardAt: number;
  isLocked: boolean;
}

type TabPort = Port<FromHub, ToHub>;

export class Tabs {
  readonly #tabs = new Map<TabPort, Tab>();
  /** Channels that nobody follows any more. */
  readonly #onLeft: (channelIds: readonly number[]) => void;
  #sweep: ReturnType<typeof setInterval> | undefined;

  constructor(onLeft: (channelIds: readonly number[]) => void) {
    this.#onLeft = onLeft;
  }

  get size(): number {
    return this.#tabs.size;
  }

  add(port: TabPort): void {
    this.#tabs.set(port, { followed: new Set(), heardAt: Date.now(), isLocked: false });
  }

  /** A lock that its tab held is free only when the tab is gone. */
  watch(port: TabPort, lock: string | null): void {
    const tab = this.#tabs.get(port);
    if (!tab) return;
    if (lock !== null && globalThis.navigator?.locks) {
      tab.isLocked = true;
      void navigator.locks.request(lock, () => this.remove(port));
    } else {
      this.#sweep ??= setInterval(() => this.#removeSilent(), SILENT_MILLISECONDS / 5);
    }
  }

  heardFrom(port: TabPort): void {
    const tab = this.#tabs.get(port);
    if (tab) tab.heardAt = Date.now();
    else this.add(port);
  }

  remove(port: TabPort): void {
    const followed = this.#tabs.get(port)?.followed ?? [];
    this.#tabs.delete(port);
    this.#onLeft([...followed].filter((channelId) => !this.#isFollowed(channelId)));
    if (this.#tabs.size) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  follow(port: TabPort, channelId: number): void {
    this.#tabs.get(port)?.followed.add(channelId);
  }

  /** The channel, if nobody else follows it. */
  unfollow(port: TabPort, channelId: number): readonly number[] {
    this.#tabs.get(port)?.followed.delete(channelId);
    return this.#isFollowed(channelId) ? [] : [channelId];
  }

  forgetFollowed(): void {
    for (const { followed } of this.#tabs.values()) followed.clear();
  }

  tellAll(message: FromHub): void {
    for (const port of this.#tabs.keys()) port.postMessage(message);
  }

  tellOthers(but: TabPort, message: FromHub): void {
    for (const port of this.#tabs.keys()) if (port !== but) port.postMessage(message);
  }

  #isFollowed(channelId: number): boolean {
    for (const { followed } of this.#tabs.values()) if (followed.has(channelId)) return true;
    return false;
  }

  #removeSilent(): void {
    const oldest = Date.now() - SILENT_MILLISECONDS;
    for (const [port, tab] of this.#tabs) if (!tab.isLocked && tab.heardAt < oldest) this.remove(port);
  }
}
