/** A thread as one reads it: its first message, the replies, and one's own on their way. */

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { asFault, Fault } from "../protocol/faults";
import type { Message, Page } from "../protocol/wire";
import { withActs } from "./acts";
import type { Row, Sent } from "./api";
import type { ThreadView as Api } from "./api_talk";
import type { Cell } from "./cell";
import type { Followed } from "./followed";
import { closed, opened } from "./open_threads";
import { RowMaker } from "./rows";
import { composed, type ViewSurroundings } from "./view";

const PAGE = 200;
const READ_MILLISECONDS = 300;

export interface ThreadSurroundings extends Omit<ViewSurroundings, "onClose"> {
  readonly followed: Followed;
  tellRead(channelId: number, thread: number, seq: number): Promise<unknown>;
  onClose(view: ThreadView): void;
}

export class ThreadView implements Api {
  readonly channelId: number;
  readonly thread: number;
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly status: Signal<"loading" | "ready" | "failed"> = signal("loading");
  readonly fault: Signal<{ code: string; detail: string } | null> = signal(null);
  readonly unreadLine = signal<number | null>(null);
  readonly isFollowed: ReadonlySignal<boolean>;
  readonly #around: ThreadSurroundings;
  readonly #cell: Cell;
  #read = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOpen = true;

  constructor(channelId: number, thread: number, around: ThreadSurroundings) {
    this.channelId = channelId;
    this.thread = thread;
    this.#around = around;
    this.#cell = around.store.cell(channelId);
    const maker = new RowMaker(() => around.store.me);
    const pending = around.pending.of(channelId);
    const acts = around.acts.of(channelId);
    const { threads } = this.#cell.signals;
    this.rows = computed(() => {
      const messages = threads.value?.get(thread) ?? [];
      const own = pending.value.filter((one) => one.thread === thread);
      return maker.rows(withActs(messages, acts.value), own);
    });
    this.isFollowed = computed(() => around.followed.get(channelId, thread) !== undefined);
    around.followed.want(channelId, thread);
    this.#drawUnreadLine();
    void this.reload();
  }

  async reload(): Promise<void> {
    try {
      await this.#around.store.ready();
      if (!this.#cell.state) throw new Fault("not_found", "You are not in this channel.");
      await this.#cell.load(
        () => this.#all(),
        (state, messages) => ({
          ...state,
          slices: { ...state.slices, threads: opened(state.slices.threads, this.thread, messages) },
        }),
        this.#around.store.context,
      );
      batch(() => {
        this.status.value = "ready";
        this.fault.value = null;
      });
    } catch (error) {
      const { code, detail } = asFault(error);
      batch(() => {
        this.fault.value = { code, detail };
        if (!this.rows.peek().length) this.status.value = "failed";
      });
    }
  }

  send(text: string, more: Sent & { to_channel?: boolean } = {}): string {
    if (!text.trim() && !more.attachments?.length) return "";
    const message = composed(this.channelId, this.#around.clientId(), text, { ...more, thread: this.thread });
    this.#around.pending.add(message, false);
    return message.client_id;
  }

  resend(clientId: string): void {
    this.#around.pending.resend(this.channelId, clientId, this.#around.clientId());
  }

  discard(clientId: string): void {
    this.#around.pending.discard(this.channelId, clientId);
  }

  typing(): void {
    this.#around.tellTyping(this.channelId);
  }

  markRead(): void {
    const last = this.rows.peek().findLast((row) => row.message !== null)?.message?.seq ?? 0;
    const known = this.#around.followed.get(this.channelId, this.thread);
    if (last <= Math.max(this.#read, known?.last_read_seq ?? 0)) return;
    if (known === undefined && last === this.thread) return;
    this.#read = last;
    this.#around.followed.marked(this.channelId, this.thread, last);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#around.tellRead(this.channelId, this.thread, this.#read).catch(() => {
        this.#read = 0;
      });
    }, READ_MILLISECONDS);
  }

  follow(follows: boolean): Promise<void> {
    return this.#around.followed.follow(this.channelId, this.thread, follows);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#cell.change((state) => ({
      ...state,
      slices: { ...state.slices, threads: closed(state.slices.threads, this.thread) },
    }));
    this.#around.onClose(this);
  }

  #drawUnreadLine(): void {
    const standing = this.#around.followed.all.peek().get(`${this.channelId}/${this.thread}`);
    this.unreadLine.value = standing && standing.unread > 0 ? standing.last_read_seq : null;
  }

  async #all(): Promise<readonly Message[]> {
    const messages: Message[] = [];
    let cursor: string | null = null;
    do {
      const query = { limit: PAGE, cursor };
      const path = `/channels/${this.channelId}/threads/${this.thread}`;
      const page: Page<Message> = await this.#around.rest.get(path, query);
      messages.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return messages;
  }
}
