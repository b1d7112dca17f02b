/** All channels of this tab. Facts come in as they may, and reach the views together, once a frame of the screen. */

import { batch, type Signal, signal } from "@preact/signals";
import { asFault } from "../protocol/faults";
import type { Fact } from "../protocol/frames";
import type { Rest } from "../protocol/rest";
import type { Channel, Events, Page } from "../protocol/wire";
import { Cell } from "./cell";
import { kept } from "./kept";
import { NEWEST, type Spans, trim } from "./messages";
import type { Context } from "./slice";
import { start } from "./slices";
import { TypingClock } from "./typing_clock";
import { Unheard } from "./unheard";

const EVENTS_PAGE = 1_000;
/** Messages of one channel in memory: a few dozen screens, whatever the channel holds. */
export const MOST_MESSAGES = 1_000;
export const PAGE = 50;
const FILL_AGAIN_MILLISECONDS = 3_000;

export interface StoreSurroundings {
  readonly rest: Rest;
  /** Before the next frame is drawn, or soon where nothing is. */
  schedule(work: () => void): void;
  follow(channelId: number, after: number): void;
  unfollow(channelId: number): void;
  /** Each lasting fact, in its channel's order, in the same batch. */
  onFact(fact: Fact): void;
  /** Facts of no single channel: personal ones, presence. */
  onOther(fact: Fact): void;
  /** Something was marked as unread on one of one's devices: after this seq. */
  onTurnedBack(channelId: number, seq: number): void;
  /** It was begun anew: what views hold of it is gone. */
  onReset(channelId: number): void;
}

export class Store {
  readonly #around: StoreSurroundings;
  readonly #cells = new Map<number, Cell>();
  readonly #anchors = new Map<number, number>();
  readonly #filling = new Set<number>();
  #queue: Fact[] = [];
  #isPlanned = false;
  readonly #typing = new TypingClock(this.#cells);
  readonly #settling = new Set<number>();
  me = 0;
  /** Ids of the channels one is in; views read each one's own signals. */
  readonly joined: Signal<readonly number[]> = signal([]);
  readonly isReady = signal(false);
  readonly unheard: Unheard;

  constructor(around: StoreSurroundings) {
    this.#around = around;
    this.unheard = new Unheard(around.rest, this.context);
  }

  readonly context = (): Context => ({ me: this.me, now: Date.now() });

  cell(channelId: number): Cell {
    return kept(this.#cells, channelId, () => new Cell(channelId));
  }

  queue(facts: readonly Fact[]): void {
    for (const fact of facts) this.#queue.push(fact);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#around.schedule(() => {
      this.#isPlanned = false;
      this.flush();
    });
  }

  /** Everything that has come, in one step for the views. */
  flush(): void {
    const facts = this.#queue;
    if (!facts.length) return;
    this.#queue = [];
    batch(() => {
      for (const [channelId, some] of byChannel(facts)) this.#apply(channelId, some);
    });
  }

  /** Loads all channels one is in, and follows each from where it was loaded. */
  async loadJoined(): Promise<void> {
    const all = this.#fetchJoined();
    const loads = [...this.#cells.values()]
      .filter((cell) => cell.state)
      .map((cell) =>
        this.#refresh(
          cell,
          all.then((channels) => channels.find(({ id }) => id === cell.id)),
        ),
      );
    await Promise.allSettled(loads);
    const channels = await all;
    batch(() => {
      for (const channel of channels) if (!this.cell(channel.id).state) this.put(channel);
      for (const id of this.joined.value) if (!channels.some((channel) => channel.id === id)) this.remove(id);
      this.isReady.value = true;
    });
    this.followAll();
  }

  /** When the channels one is in are known. */
  ready(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.isReady.subscribe((isReady) => {
        if (!isReady) return;
        resolve();
        queueMicrotask(() => stop());
      });
    });
  }

  /** One that was just loaded, created or joined. */
  put(channel: Channel): void {
    const cell = this.cell(channel.id);
    if (cell.state && !cell.state.slices.info.isGone) return;
    this.begin(channel);
  }

  begin(channel: Channel): void {
    if (channel.membership === null) return this.remove(channel.id);
    const cell = this.cell(channel.id);
    batch(() => {
      cell.begin(channel);
      cell.show();
      if (!this.joined.value.includes(channel.id)) this.joined.value = [...this.joined.value, channel.id];
    });
    this.#around.follow(channel.id, cell.cursor);
  }

  remove(channelId: number): void {
    this.#around.unfollow(channelId);
    batch(() => {
      this.joined.value = this.joined.value.filter((id) => id !== channelId);
      this.cell(channelId).forget();
    });
  }

  /** Says again what is wanted: after a change of hub, or when the tab may have slept. */
  followAll(): void {
    for (const id of this.joined.value) this.#around.follow(id, this.cell(id).cursor);
  }

  following(channelId: number, cursor: number): void {
    this.flush();
    const cell = this.#cells.get(channelId);
    if (cell?.state && cell.cursor < cursor) void this.#fill(cell, cursor);
  }

  /** Too much was missed to be told: begin anew. */
  async reset(channelId: number): Promise<void> {
    this.flush();
    try {
      this.begin(await this.#around.rest.get<Channel>(`/channels/${channelId}`));
      this.#around.onReset(channelId);
    } catch (error) {
      if (isGone(error)) this.remove(channelId);
      else setTimeout(() => void this.reset(channelId), FILL_AGAIN_MILLISECONDS);
    }
  }

  /** Its numbers from the server; what else is known stays. */
  refresh(channelId: number): Promise<boolean> {
    return this.#refresh(this.cell(channelId), this.#around.rest.get<Channel>(`/channels/${channelId}`));
  }

  /** What is on the screen: a seq, or NEWEST. Null when nobody looks. */
  anchor(channelId: number, at: number | null): void {
    if (at === null) {
      this.#anchors.delete(channelId);
      this.#trim(this.cell(channelId), NEWEST, 2 * PAGE);
      this.cell(channelId).show();
    } else this.#anchors.set(channelId, at);
  }

  trim(channelId: number): void {
    const anchor = this.#anchors.get(channelId);
    if (anchor === undefined) this.#trim(this.cell(channelId), NEWEST, 2 * PAGE);
    else this.#trim(this.cell(channelId), anchor, MOST_MESSAGES);
  }

  clear(): void {
    this.#queue = [];
    batch(() => {
      for (const cell of this.#cells.values()) cell.forget();
      this.joined.value = [];
      this.isReady.value = false;
    });
  }

  close(): void {
    this.#typing.stop();
  }

  #apply(channelId: number, facts: readonly Fact[]): void {
    const cell = this.#cells.get(channelId);
    for (const fact of facts) if (fact.seq === undefined && fact.type !== "typing") this.#around.onOther(fact);
    if (!cell?.state) return;
    const readBefore = cell.state.slices.info.channel.membership.last_read_seq;
    for (const fact of cell.hear(facts, this.context())) this.#around.onFact(fact);
    const { last_read_seq } = cell.state.slices.info.channel.membership;
    if (last_read_seq < readBefore) this.#around.onTurnedBack(channelId, last_read_seq);
    if (cell.state.slices.info.counts.isUncertain) this.#settle(cell);
    if (cell.hasHole) void this.#fill(cell, cell.cursor + 1);
    this.unheard.ask(cell);
    if (cell.state.slices.info.isGone) return this.remove(channelId);
    this.trim(channelId);
    cell.show();
    if (cell.state.slices.typing.size) this.#typing.watch();
  }

  #trim(cell: Cell, around: number, most: number): void {
    // A little late, so that it isn't done at every message.
    const count = cell.state?.slices.messages.reduce((sum, span) => sum + span.messages.length, 0) ?? 0;
    if (count <= most * 1.2) return;
    const trimmed = (spans: Spans) => trim(spans, around, most, 2 * PAGE);
    cell.change((state) => ({ ...state, slices: { ...state.slices, messages: trimmed(state.slices.messages) } }));
  }

  #refresh(cell: Cell, request: Promise<Channel | undefined>): Promise<boolean> {
    return cell.load(
      () => request,
      (state, channel) => (channel ? start(channel, state) : state),
      this.context,
    );
  }

  async #fetchJoined(): Promise<readonly Channel[]> {
    const channels: Channel[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Channel> = await this.#around.rest.get("/channels", { limit: 200, cursor });
      channels.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return channels;
  }

  /** What facts can't say of the counts, the server does; else the next connection. */
  #settle({ id }: Cell): void {
    if (this.#settling.has(id)) return;
    this.#settling.add(id);
    this.refresh(id)
      .catch(() => {})
      .finally(() => this.#settling.delete(id));
  }

  /** The facts between what is known and what follows. */
  async #fill(cell: Cell, until: number): Promise<void> {
    if (this.#filling.has(cell.id)) return;
    this.#filling.add(cell.id);
    const { life } = cell;
    let isDone = false;
    try {
      while (cell.life === life && (cell.cursor < until || cell.hasHole)) {
        const path = `/channels/${cell.id}/events`;
        const { events } = await this.#around.rest.get<Events>(path, { after: cell.cursor, limit: EVENTS_PAGE });
        if (cell.life !== life) return;
        if (!events.length) break;
        batch(() => this.#apply(cell.id, events));
      }
      isDone = true;
    } catch (error) {
      if (isGone(error)) this.remove(cell.id);
    } finally {
      this.#filling.delete(cell.id);
    }
    if (!isDone && cell.life === life) setTimeout(() => void this.#fill(cell, until), FILL_AGAIN_MILLISECONDS);
  }
}

function byChannel(facts: readonly Fact[]): Map<number, Fact[]> {
  const groups = new Map<number, Fact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.channel_id ?? 0);
    if (group) group.push(fact);
    else groups.set(fact.channel_id ?? 0, [fact]);
  }
  return groups;
}

function isGone(error: unknown): boolean {
  const { code } = asFault(error);
  return code === "not_found" || code === "forbidden";
}
