/** Threads one reads and follows. */

import type { ReadonlySignal } from "@preact/signals";
import type { Fact } from "../protocol/frames";
import type { Rest } from "../protocol/rest";
import type { ChannelRead, Page, Thread } from "../protocol/wire";
import type { ThreadsState, ThreadView as Api } from "./api_talk";
import { Followed, threadKey } from "./followed";
import { find } from "./messages";
import { ThreadView } from "./thread_view";
import type { ViewSurroundings } from "./view";

export interface ThreadsSurroundings extends Omit<ViewSurroundings, "onClose"> {
  tellRead(channelId: number, thread: number, seq: number): Promise<unknown>;
}

const LISTED = 20;

export class Threads implements ThreadsState {
  readonly unread: ReadonlySignal<number>;
  readonly mentions: ReadonlySignal<number>;
  readonly #around: ThreadsSurroundings;
  readonly #rest: Rest;
  readonly #followed: Followed;
  readonly #views = new Map<string, ThreadView>();

  constructor(around: ThreadsSurroundings) {
    this.#around = around;
    this.#rest = around.rest;
    this.#followed = new Followed({
      rest: around.rest,
      me: () => around.store.me,
      root: (channelId, thread) => find(around.store.cell(channelId).state?.slices.messages ?? [], thread),
    });
    this.unread = this.#followed.unread;
    this.mentions = this.#followed.mentions;
  }

  /** The same one for the same thread while it is open. */
  open(channelId: number, thread: number): Api {
    const key = threadKey(channelId, thread);
    const known = this.#views.get(key);
    if (known) return known;
    const view = new ThreadView(channelId, thread, {
      ...this.#around,
      followed: this.#followed,
      onClose: () => this.#views.delete(key),
    });
    this.#views.set(key, view);
    return view;
  }

  unreadOf(channelId: number, thread: number): number {
    return this.#followed.get(channelId, thread)?.unread ?? 0;
  }

  isFollowed(channelId: number, thread: number): boolean {
    return this.#followed.get(channelId, thread) !== undefined;
  }

  list({ unread, cursor }: { unread?: boolean; cursor?: string | null }): Promise<Page<Thread>> {
    return this.#rest.get("/threads", { unread: unread ? "true" : undefined, cursor, limit: LISTED });
  }

  async markAllRead(): Promise<void> {
    const unread = [...this.#followed.all.peek().values()].filter((one) => one.unread > 0);
    await Promise.all(
      unread.map(({ channel_id, thread, counted }) => {
        this.#followed.marked(channel_id, thread, counted);
        return this.#around.tellRead(channel_id, thread, counted);
      }),
    );
  }

  async connected(): Promise<void> {
    await this.#followed.load();
  }

  hear(fact: Fact): void {
    this.#followed.hear(fact);
  }

  read(fact: ChannelRead): void {
    this.#followed.read(fact);
  }

  /** What was open there is loaded again. */
  reset(channelId: number): void {
    for (const view of this.#views.values()) if (view.channelId === channelId) void view.reload();
  }

  reload(): void {
    for (const view of this.#views.values()) void view.reload();
  }

  left(channelId: number): void {
    this.#followed.forget(channelId);
  }

  clear(): void {
    this.#followed.clear();
  }
}
