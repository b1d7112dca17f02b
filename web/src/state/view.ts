/** A channel as one scrolls it: a stretch of messages without a hole, loaded on at both ends, let go far from the screen. */

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { asFault, Fault } from "../protocol/faults";
import type { Rest } from "../protocol/rest";
import type { Message, Page } from "../protocol/wire";
import { type Acts, withActs } from "./acts";
import type { ChannelView, PendingMessage, Row, Sent } from "./api";
import type { Cell } from "./cell";
import { standsInChannel } from "./deeds";
import { find, merge, NEWEST, type Span, spanAt } from "./messages";
import type { Pending } from "./pending";
import type { Reading } from "./reading";
import { RowMaker } from "./rows";
import { PAGE, type Store } from "./store";

const TYPING_EVERY_MILLISECONDS = 3_000;
const MOST_TRIES = 20;

export interface ViewSurroundings {
  readonly store: Store;
  readonly rest: Rest;
  readonly pending: Pending;
  readonly acts: Acts;
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
  readonly #maker: RowMaker;
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
    const acts = around.acts.of(channelId);
    this.#maker = new RowMaker(() => around.store.me);
    // In two steps, so that what is pending doesn't cost a walk over all messages.
    const standing = computed(() => (this.#span.value?.messages ?? []).filter(standsInChannel));
    this.rows = computed(() => this.#arrange(withActs(standing.value, acts.value), pending.value));
    around.store.anchor(channelId, NEWEST);
    around.reading.release(channelId);
    this.#drawUnreadLine();
    void this.#open();
  }

  async reload(): Promise<void> {
    this.#at.value = NEWEST;
    await this.#open();
  }

  /** Goes on while all that came are replies in threads, which don't stand here. */
  async loadOlder(): Promise<void> {
    if (this.isLoadingOlder.peek()) return;
    const { length } = this.rows.peek();
    for (let tries = 0; tries < MOST_TRIES && this.hasOlder.peek() && this.rows.peek().length === length; tries++) {
      await this.#loadOlder();
      if (this.fault.peek()) return;
    }
  }

  async #loadOlder(): Promise<void> {
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

  find(seq: number): Message | undefined {
    return find(this.#cell.state?.slices.messages ?? [], seq);
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

  send(text: string, more: Sent = {}): string {
    if (!text.trim() && !more.attachments?.length) return "";
    const message = composed(this.channelId, this.#around.clientId(), text, more);
    this.#around.pending.add(message, false);
    this.#around.reading.release(this.channelId);
    this.#typedAt = 0;
    if (this.hasNewer.peek()) void this.jumpToNewest();
    return message.client_id;
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

  async markUnread(seq: number): Promise<void> {
    this.unreadLine.value = seq - 1;
    await this.#around.reading.markUnread(this.channelId, seq);
  }

  /** On another device something was marked as unread: it stays so until one comes here anew. */
  turnedBack(seq: number): void {
    this.unreadLine.value = seq;
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
    this.#around.reading.release(this.channelId);
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
    if (!this.rows.peek().length && this.hasOlder.peek()) await this.loadOlder();
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
      store.unheard.ask(this.#cell);
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

  #arrange(messages: readonly Message[], pending: readonly PendingMessage[]): readonly Row[] {
    const isOpenEnd = (this.#span.value?.to ?? NEWEST) === NEWEST;
    return this.#maker.rows(messages, isOpenEnd ? pending.filter(standsInChannel) : []);
  }
}

/** A message of one's own, as it begins its way. */
export function composed(
  channel_id: number,
  client_id: string,
  text: string,
  more: Sent & { to_channel?: boolean },
): PendingMessage {
  return {
    channel_id,
    client_id,
    text,
    reply_to: more.reply_to ?? null,
    thread: more.thread ?? null,
    to_channel: more.to_channel ?? false,
    attachments: more.attachments ?? [],
    created_at: new Date().toISOString(),
    state: "pending",
    seq: null,
    code: "",
    detail: "",
  };
}
