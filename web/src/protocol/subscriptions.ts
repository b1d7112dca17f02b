/** Which channels are listened to, and up to where each has been heard.
 *
 * Law: of every channel the facts go out once, in order of seq, without a gap, over any number of sockets. Where that
 * can't be promised (`onReset`), the channel is live from a new seq, and whoever listens starts it over.
 */

import { jitter } from "./closes";
import { asFault, isPassing } from "./faults";
import type { AskFrame, Fact, OkFrame, SubscribedFrame } from "./frames";

/** The server works on so many asks of a socket at once; more would only wait there. */
const AT_ONCE = 12;
/** Facts that are worth catching up with; with more of them missing, the newest page is loaded anew instead. */
export const WORTH_CATCHING_UP = 1_000;

interface Subscription {
  readonly channelId: number;
  /** Everything up to here has gone out. */
  cursor: number;
  state: "waiting" | "asking" | "live" | "pausing";
  attempt: number;
  /** Facts that come while the server's answer is on its way belong to an earlier subscription. */
  isDeaf: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export interface SubscriptionListener {
  onFact(fact: Fact): void;
  onFollowing(channelId: number, cursor: number): void;
  /** The facts up to now are not told one by one: start over from what the server has. */
  onReset(channelId: number, cursor: number): void;
  /** One may not, or it isn't there. */
  onLost(channelId: number, code: string, detail: string): void;
}

export class Subscriptions {
  readonly #ask: (frame: AskFrame) => Promise<OkFrame>;
  readonly #listener: SubscriptionListener;
  readonly #all = new Map<number, Subscription>();
  #isOnline = false;
  /** Which socket an answer belongs to. */
  #life = 0;

  constructor(ask: (frame: AskFrame) => Promise<OkFrame>, listener: SubscriptionListener) {
    this.#ask = ask;
    this.#listener = listener;
  }

  get channelIds(): number[] {
    return [...this.#all.keys()];
  }

  /** Facts from `after` on. One that is followed already keeps its own place, which may be further. */
  follow(channelId: number, after: number): void {
    const known = this.#all.get(channelId);
    if (known) {
      if (known.state === "live") this.#listener.onFollowing(channelId, known.cursor);
      return;
    }
    this.#all.set(channelId, {
      channelId, cursor: after, state: "waiting", attempt: 0, isDeaf: false, timer: undefined,
    }); // biome-ignore format: one thing, one line
    this.#next();
  }

  unfollow(channelId: number): void {
    const known = this.#forget(channelId);
    if (known && known.state !== "waiting" && this.#isOnline) {
      this.#ask({ type: "unsubscribe", channel_id: channelId }).catch(() => {});
    }
  }

  /** A new socket: takes all up from where they were. */
  connected(): void {
    this.#life += 1;
    this.#isOnline = true;
    for (const one of this.#all.values()) this.#rest(one);
    this.#next();
  }

  disconnected(): void {
    this.#isOnline = false;
    for (const one of this.#all.values()) this.#rest(one);
  }

  clear(): void {
    for (const channelId of this.channelIds) this.#forget(channelId);
  }

  /** A fact from the socket. What has no seq, passing or personal, has no order to keep. */
  hear(fact: Fact): void {
    if (fact.seq === undefined || fact.channel_id === undefined) {
      this.#listener.onFact(fact);
      return;
    }
    const one = this.#all.get(fact.channel_id);
    if (one && !one.isDeaf) this.#take(one, fact);
  }

  #take(one: Subscription, fact: Fact): void {
    const seq = fact.seq as number;
    if (seq <= one.cursor) return;
    if (seq > one.cursor + 1) {
      // Never promised, so never expected; but a hole that is passed over would stay for ever.
      this.#again(one);
      return;
    }
    one.cursor = seq;
    this.#listener.onFact(fact);
  }

  #again(one: Subscription): void {
    one.isDeaf = true;
    if (one.state !== "live") return;
    one.state = "waiting";
    this.#next();
  }

  #next(): void {
    if (!this.#isOnline) return;
    let free = AT_ONCE;
    for (const one of this.#all.values()) if (one.state === "asking") free -= 1;
    for (const one of this.#all.values()) {
      if (free <= 0) return;
      if (one.state !== "waiting") continue;
      free -= 1;
      void this.#subscribe(one, one.cursor);
    }
  }

  async #subscribe(one: Subscription, after: number | null): Promise<void> {
    const life = this.#life;
    const { channelId } = one;
    one.state = "asking";
    one.isDeaf = true;
    try {
      const ok = await this.#ask({ type: "subscribe", channel_id: channelId, ...(after === null ? {} : { after }) });
      if (!this.#isCurrent(one, life)) return;
      await this.#subscribed(one, ok as SubscribedFrame, after);
    } catch (error) {
      if (this.#isCurrent(one, life)) this.#refused(one, asFault(error));
    }
    this.#next();
  }

  async #subscribed(one: Subscription, ok: SubscribedFrame, after: number | null): Promise<void> {
    if (after !== null && !ok.complete && ok.head_seq - after > WORTH_CATCHING_UP) {
      await this.#subscribe(one, null);
      return;
    }
    one.state = "live";
    one.attempt = 0;
    one.isDeaf = false;
    if (after === null) {
      one.cursor = ok.head_seq;
      this.#listener.onReset(one.channelId, one.cursor);
      return;
    }
    this.#listener.onFollowing(one.channelId, one.cursor);
    for (const fact of ok.events) this.#take(one, fact);
  }

  #refused(one: Subscription, fault: ReturnType<typeof asFault>): void {
    if (fault.code === "conflict") {
      // Our seq is from another life of the log.
      void this.#subscribe(one, null);
    } else if (isPassing(fault.code)) {
      one.state = "pausing";
      one.attempt += 1;
      const pause = Math.max((fault.retryAfterSeconds ?? 0) * 1000, jitter(one.attempt, Math.random));
      one.timer = setTimeout(() => this.#resume(one), pause);
    } else {
      this.#forget(one.channelId);
      this.#listener.onLost(one.channelId, fault.code, fault.detail);
    }
  }

  #resume(one: Subscription): void {
    if (one.state !== "pausing") return;
    one.state = "waiting";
    this.#next();
  }

  #rest(one: Subscription): void {
    clearTimeout(one.timer);
    one.state = "waiting";
    one.isDeaf = true;
  }

  #isCurrent(one: Subscription, life: number): boolean {
    return this.#life === life && this.#isOnline && this.#all.get(one.channelId) === one;
  }

  #forget(channelId: number): Subscription | undefined {
    const one = this.#all.get(channelId);
    if (one) clearTimeout(one.timer);
    this.#all.delete(channelId);
    return one;
  }
}
