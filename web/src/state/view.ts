/** A channel as one scrolls it: a stretch of messages without a hole, loaded on at both ends, let go far from the screen. */

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { asFault, Fault } from "../protocol/faults";
import type { Rest } from "../protocol/rest";
import type { Message, Page } from "../protocol/wire";
import type { ChannelView, PendingMessage, Row } from "./api";
import type { Cell } from "./cell";
import { kept } from "./kept";
import { find, merge, NEWEST, type Span, spanAt } from "./messages";
import type { Pending } from "./pending";
import type { Reading } from "./reading";
import { PAGE, type Store } from "./store";

const TYPING_EVERY_MILLISECONDS = 3_000;

export interface ViewSurroundings {
  readonly store: Store;
  readonly rest: Rest;
  readonly pending: Pending;
  readonly reading: Reading;
  tellTyping(channelId: number): void;
  clientId(): string;
  onClose(view: View): void;
}

export class View implements ChannelView {
  readonly channelId: number;
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly status: Signal<"loading" | "ready" | "failed"> = signal("loading");
  readonly fault: ChannelView["fault"] & Signal<{ code: string; detail: string } | null> = signal(null);
  readonly hasOlder: ReadonlySignal<boolean>;
  readonly hasNewer: ReadonlySignal<boolean>;
  readonly isLoadingOlder = signal(false);
  readonly isLoadingNewer = signal(false);
  readonly unreadLine = signal<number | null>(null);
  readonly #around: ViewSurroundings;
  readonly #cell: Cell;
  readonly #span: ReadonlySignal<Span | undefined>;
  /** A seq in the stretch that is shown; NEWEST for the one that ends there. */
  readonly #at = signal(NEWEST);
  readonly #rows = new WeakMap<Message, Row>();
  readonly #pendingRows = new WeakMap<PendingMessage, Row>();
  #typedAt = 0;
  #isOpen = true;

  constructor(channelId: number, around: ViewSurroundings) {
    this.channelId = channelId;
    this.#around = around;
    this.#cell = around.store.cell(channelId);
    const { messages } = this.#cell.signals;
    this.#span = computed(() => spanAt(messages.value ?? [], this.#at.value));
    this.hasOlder = computed(() => (this.#span.value?.from ?? 1) > 1);
    this.hasNewer = computed(() => (this.#span.value?.to ?? NEWEST) !== NEWEST);
    const pending = around.pending.of(channelId);
    this.rows = computed(() => this.#arrange(this.#span.value, pending.value));
    around.store.anchor(channelId, NEWEST);
    this.#drawUnreadLine();
    void this.#open();
  }

  async reload(): Promise<void> {
    this.#at.value = NEWEST;
    await this.#open();
  }

  async loadOlder(): Promise<void> {
    const span = this.#span.peek();
    if (!span || span.from <= 1 || this.isLoadingOlder.peek()) return;
    await this.#page(this.isLoadingOlder, { before: span.from }, ({ items, next_cursor }) => ({
      from: next_cursor === null ? 1 : (items[0]?.seq ?? 1),
      to: span.from - 1,
      messages: items,
    }));
  }

  async loadNewer(): Promise<void> {
    const span = this.#span.peek();
    if (!span || span.to === NEWEST || this.isLoadingNewer.peek()) return;
    await this.#page(this.isLoadingNewer, { after: span.to }, ({ items, next_cursor }) => ({
      from: span.to + 1,
      to: next_cursor === null ? NEWEST : (items.at(-1)?.seq ?? NEWEST),
      messages: items,
    }));
  }

  async jumpTo(seq: number): Promise<boolean> {
    const known = this.#cell.state?.slices.messages ?? [];
    if (!spanAt(known, seq)) await this.#loadAround(seq);
    const spans = this.#cell.state?.slices.messages ?? [];
    const span = spanAt(spans, seq);
    if (span) this.#show(seq);
    return find(spans, seq) !== undefined;
  }

  async jumpToNewest(): Promise<void> {
    await this.#open();
    this.#show(NEWEST);
  }

  anchor(at: number | "newest"): void {
    this.#around.store.anchor(this.channelId, at === "newest" ? NEWEST : at);
    // The stretch that is shown is known by a seq in it, which must not be let go.
    if (this.#span.peek()?.to === NEWEST && at === "newest") this.#at.value = NEWEST;
    else if (at !== "newest" && spanAt(this.#cell.state?.slices.messages ?? [], at)) this.#at.value = at;
  }

  send(text: string, more: { reply_to?: number; thread?: number } = {}): string {
    if (!text.trim()) return "";
    const client_id = this.#around.clientId();
    this.#around.pending.add(
      {
        channel_id: this.channelId,
        client_id,
        text,
        reply_to: more.reply_to ?? null,
        thread: more.thread ?? null,
        created_at: new Date().toISOString(),
        state: "pending",
        seq: null,
        code: "",
        detail: "",
      },
      false,
    );
    this.#typedAt = 0;
    if (this.hasNewer.peek()) void this.jumpToNewest();
    return client_id;
  }

  resend(clientId: string): void {
    this.#around.pending.resend(this.channelId, clientId, this.#around.clientId());
  }

  discard(clientId: string): void {
    this.#around.pending.discard(this.channelId, clientId);
  }

  typing(): void {
    const now = Date.now();
    if (now - this.#typedAt < TYPING_EVERY_MILLISECONDS) return;
    this.#typedAt = now;
    this.#around.tellTyping(this.channelId);
  }

  markRead(seq: number): void {
    this.#around.reading.mark(this.channelId, seq);
  }

  moveUnreadLine(): void {
    this.#drawUnreadLine();
  }

  /** The channel was begun anew, with nothing in it. */
  async restart(): Promise<void> {
    const at = this.#at.peek();
    if (at === NEWEST) await this.#open();
    else await this.jumpTo(at);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#around.store.anchor(this.channelId, null);
    this.#around.onClose(this);
  }

  #drawUnreadLine(): void {
    const membership = this.#cell.signals.info.peek()?.channel.membership;
    this.unreadLine.value = membership && membership.unread > 0 ? membership.last_read_seq : null;
  }

  async #open(): Promise<void> {
    const live = spanAt(this.#cell.state?.slices.messages ?? [], NEWEST);
    if (live) {
      batch(() => {
        this.status.value = "ready";
        this.fault.value = null;
      });
      return;
    }
    await this.#page(null, {}, ({ items, next_cursor }) => ({
      from: next_cursor === null ? 1 : (items[0]?.seq ?? 1),
      to: NEWEST,
      messages: items,
    }));
  }

  async #loadAround(seq: number): Promise<void> {
    await this.#page(null, { around: seq }, ({ items }) => {
      const from = Math.min(seq, items[0]?.seq ?? seq);
      return { from, to: Math.max(seq, items.at(-1)?.seq ?? seq), messages: items };
    });
  }

  async #page(
    isLoading: Signal<boolean> | null,
    query: Record<string, number>,
    place: (page: Page<Message>) => Span,
  ): Promise<void> {
    const { rest, store } = this.#around;
    if (isLoading) isLoading.value = true;
    else if (!this.#span.peek()) this.status.value = "loading";
    try {
      if (!this.#cell.state) await this.#ready();
      await this.#cell.load(
        () => rest.get<Page<Message>>(`/channels/${this.channelId}/messages`, { ...query, limit: PAGE }),
        (state, page) => ({
          ...state,
          slices: { ...state.slices, messages: merge(state.slices.messages, place(page)) },
        }),
        store.context,
      );
      store.trim(this.channelId);
      batch(() => {
        this.status.value = "ready";
        this.fault.value = null;
      });
    } catch (error) {
      const { code, detail } = asFault(error);
      batch(() => {
        this.fault.value = { code, detail };
        if (!this.#span.peek()) this.status.value = "failed";
      });
    } finally {
      if (isLoading) isLoading.value = false;
    }
  }

  /** Which channels one is in may not be known yet. Rejects for one that one is not in. */
  async #ready(): Promise<void> {
    await this.#around.store.ready();
    if (!this.#cell.state) throw new Fault("not_found", "You are not in this channel.");
    this.#drawUnreadLine();
  }

  #show(seq: number): void {
    this.#around.store.anchor(this.channelId, seq);
    this.#at.value = seq;
  }

  #arrange(span: Span | undefined, pending: readonly PendingMessage[]): readonly Row[] {
    const rows = (span?.messages ?? []).map((message) => this.#row(message));
    if (span && span.to !== NEWEST) return rows;
    return [...rows, ...pending.map((one) => this.#pendingRow(one))];
  }

  /** The same object for the same message, so that lists can tell what has changed. */
  #row(message: Message): Row {
    return kept(this.#rows, message, () => {
      const isOwn = message.author_id === this.#around.store.me;
      return { key: isOwn ? `own ${message.client_id}` : `seq ${message.seq}`, message, pending: null };
    });
  }

  #pendingRow(pending: PendingMessage): Row {
    return kept(this.#pendingRows, pending, () => ({ key: `own ${pending.client_id}`, message: null, pending }));
  }
}
