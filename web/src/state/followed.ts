/** The threads one follows, and what is unread in each: loaded with a connection, then kept by facts.
 *
 * Law: a reply counts once, by its seq against that of the last one which is counted. Where a fact doesn't say enough,
 * that one thread is asked for.
 */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Fact } from "../protocol/frames";
import type { Rest } from "../protocol/rest";
import type { ChannelRead, Message, Page, Thread } from "../protocol/wire";
import { callsFor } from "./deeds";

export interface Standing extends Omit<Thread, "root"> {
  /** The last reply that is counted. */
  readonly counted: number;
}

export interface FollowedSurroundings {
  readonly rest: Rest;
  me(): number;
  /** A thread's first message, where it is in memory. */
  root(channelId: number, thread: number): Message | undefined;
}

const FIRST_PAGE = 200;
const GATHER_MILLISECONDS = 250;

export const threadKey = (channelId: number, thread: number): string => `${channelId}/${thread}`;

export class Followed {
  readonly #around: FollowedSurroundings;
  readonly all: Signal<ReadonlyMap<string, Standing>> = signal(new Map());
  readonly unread: ReadonlySignal<number>;
  readonly mentions: ReadonlySignal<number>;
  /** All that one follows are known; else older ones may be followed, too. */
  #isComplete = false;
  readonly #foreign = new Set<string>();
  readonly #wanted = new Map<string, [number, number]>();
  /** Facts that come while something is asked for: its answer may be older. */
  #meanwhile: Fact[] = [];
  #asking = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #life = 0;

  constructor(around: FollowedSurroundings) {
    this.#around = around;
    this.unread = computed(() => sum(this.all.value, "unread"));
    this.mentions = computed(() => sum(this.all.value, "mentions"));
  }

  get(channelId: number, thread: number): Standing | undefined {
    return this.all.value.get(threadKey(channelId, thread));
  }

  async load(): Promise<void> {
    const page = await this.#ask({ limit: FIRST_PAGE });
    if (!page) return;
    this.#isComplete = page.next_cursor === null;
    this.#foreign.clear();
    this.all.value = new Map(page.items.map((one) => [threadKey(one.channel_id, one.thread), standing(one)]));
    this.#replay();
  }

  /** A lasting fact of a channel, applied there. */
  hear(fact: Fact): void {
    if (this.#asking) this.#meanwhile.push(fact);
    this.#apply(fact);
  }

  /** Read on one of one's devices. */
  read(fact: ChannelRead): void {
    const known = this.get(fact.channel_id, fact.thread!);
    if (!known) return;
    if (known.counted > fact.head_seq) return this.#want(fact.channel_id, fact.thread!);
    const { last_read_seq, unread, mentions } = fact;
    this.#put({ ...known, last_read_seq, unread, mentions });
  }

  /** Read here, to the end; the server is told by who calls. */
  marked(channelId: number, thread: number, seq: number): void {
    const known = this.get(channelId, thread);
    if (!known || seq <= known.last_read_seq || seq < known.counted) return;
    this.#put({ ...known, last_read_seq: seq, unread: 0, mentions: 0 });
  }

  async follow(channelId: number, thread: number, follows: boolean): Promise<void> {
    await this.#around.rest.ask(follows ? "PUT" : "DELETE", `/channels/${channelId}/threads/${thread}/follow`);
    if (follows) return this.#fetch(channelId, thread);
    const left = new Map(this.all.value);
    left.delete(threadKey(channelId, thread));
    this.all.value = left;
    this.#foreign.add(threadKey(channelId, thread));
  }

  /** One opened it: whether one follows it is to be known. */
  want(channelId: number, thread: number): void {
    if (!this.get(channelId, thread) && !this.#isComplete) this.#want(channelId, thread);
  }

  forget(channelId: number): void {
    const left = [...this.all.value].filter(([, one]) => one.channel_id !== channelId);
    if (left.length !== this.all.value.size) this.all.value = new Map(left);
  }

  clear(): void {
    this.#life += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted.clear();
    this.#foreign.clear();
    this.#meanwhile = [];
    this.#asking = 0;
    this.#isComplete = false;
    this.all.value = new Map();
  }

  #apply(fact: Fact): void {
    if (fact.type === "message.deleted") return this.#deleted(fact as Fact & { message_seq: number });
    if (fact.type !== "message.posted" && fact.type !== "message.edited" && fact.type !== "ai.started") return;
    const { message } = fact as Fact & { message: Message };
    if (message.thread === null) return;
    if (fact.type === "message.edited") this.#edited(message, message.thread);
    else if (fact.seq === message.seq) this.#replied(message, message.thread);
  }

  #replied(message: Message, thread: number): void {
    const me = this.#around.me();
    const known = this.get(message.channel_id, thread);
    if (!known) {
      if (this.#mayFollow(message, thread, me)) this.#want(message.channel_id, thread);
      return;
    }
    if (message.seq <= known.counted) return;
    const isNew = message.author_id !== me && !message.deleted_at && message.seq > known.last_read_seq;
    this.#put({
      ...known,
      counted: message.seq,
      unread: known.unread + (isNew ? 1 : 0),
      mentions: known.mentions + (isNew && callsFor(message, me) ? 1 : 0),
    });
  }

  /** One follows by answering, by being named, and what one began. Who unfollowed is known as foreign. */
  #mayFollow(message: Message, thread: number, me: number): boolean {
    if (message.author_id === me || message.mentions?.includes(me)) return true;
    if (this.#foreign.has(threadKey(message.channel_id, thread))) return false;
    const root = this.#around.root(message.channel_id, thread);
    return !root || !this.#isComplete || root.author_id === me;
  }

  #deleted({ channel_id, message_seq }: Fact & { message_seq: number }): void {
    for (const one of this.all.value.values()) {
      const isMeant = one.channel_id === channel_id && message_seq > one.last_read_seq && message_seq <= one.counted;
      if (isMeant && one.unread) this.#want(one.channel_id, one.thread);
    }
  }

  #edited(message: Message, thread: number): void {
    const known = this.get(message.channel_id, thread);
    if (!known || message.seq <= known.last_read_seq) return;
    if (known.mentions || callsFor(message, this.#around.me())) this.#want(message.channel_id, thread);
  }

  #put(one: Standing): void {
    this.all.value = new Map(this.all.value).set(threadKey(one.channel_id, one.thread), one);
  }

  #want(channelId: number, thread: number): void {
    this.#wanted.set(threadKey(channelId, thread), [channelId, thread]);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const wanted = [...this.#wanted.values()];
      this.#wanted.clear();
      for (const [channel, root] of wanted) this.#fetch(channel, root).catch(() => {});
    }, GATHER_MILLISECONDS);
  }

  async #fetch(channel_id: number, thread: number): Promise<void> {
    const page = await this.#ask({ channel_id, thread });
    if (!page) return;
    const key = threadKey(channel_id, thread);
    const next = new Map(this.all.value);
    next.delete(key);
    for (const one of page.items) next.set(key, standing(one));
    if (page.items.length) this.#foreign.delete(key);
    else this.#foreign.add(key);
    this.all.value = next;
    this.#replay();
  }

  async #ask(query: Record<string, number>): Promise<Page<Thread> | null> {
    const life = this.#life;
    this.#asking += 1;
    try {
      const page = await this.#around.rest.get<Page<Thread>>("/threads", query);
      return this.#life === life ? page : null;
    } finally {
      if (this.#life === life) this.#asking -= 1;
    }
  }

  #replay(): void {
    const facts = this.#meanwhile;
    if (!this.#asking) this.#meanwhile = [];
    for (const fact of facts) if (fact.type === "message.posted") this.#apply(fact);
  }
}

function standing({ root, ...thread }: Thread): Standing {
  return { ...thread, counted: root.last_reply_seq ?? root.seq };
}

const sum = (all: ReadonlyMap<string, Standing>, name: "unread" | "mentions"): number =>
  [...all.values()].reduce((total, one) => total + one[name], 0);
