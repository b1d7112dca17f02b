/** What calls for one: how much, by what one chose for each channel, and the moment it happens. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Rest } from "../protocol/rest";
import type { Channel, Message, Preferences, QuietHours } from "../protocol/wire";
import type { AttentionState, Call, Level } from "./api_talk";
import type { Channels } from "./channels";
import { callsFor, standsInChannel } from "./deeds";
import type { Reading } from "./reading";
import type { Threads } from "./threads";

/** What is told later, from the log, calls for nobody any more. */
const FRESH_MILLISECONDS = 60_000;
const REMEMBERED_MILLISECONDS = 10 * 60_000;

export class Attention implements AttentionState {
  readonly calls: ReadonlySignal<number>;
  readonly #rest: Rest;
  readonly #channels: Channels;
  readonly #threads: Threads;
  readonly #reading: Reading;
  readonly #listeners = new Set<(call: Call) => void>();
  #hours: { readonly asked: number; readonly hours: Promise<QuietHours | null> } | null = null;

  constructor(rest: Rest, channels: Channels, threads: Threads, reading: Reading) {
    this.#rest = rest;
    this.#channels = channels;
    this.#threads = threads;
    this.#reading = reading;
    this.calls = computed(
      () => threads.mentions.value + channels.joined.value.reduce((sum, one) => sum + this.callsOf(one), 0),
    );
  }

  levelOf({ kind, membership }: Channel): Level {
    return membership?.notifications ?? (kind === "direct" ? "all" : "mentions");
  }

  callsOf(channel: Channel): number {
    const level = this.levelOf(channel);
    if (level === "none" || !channel.membership) return 0;
    return level === "all" ? channel.membership.unread : channel.membership.mentions;
  }

  async setLevel(channelId: number, level: Level | null): Promise<void> {
    await this.#rest.ask("PATCH", `/channels/${channelId}/membership`, { body: { notifications: level } });
  }

  quietHours(): Promise<QuietHours | null> {
    if (!this.#hours || Date.now() - this.#hours.asked > REMEMBERED_MILLISECONDS) this.#remember(this.#load());
    return this.#hours!.hours;
  }

  async setQuietHours(hours: QuietHours | null): Promise<void> {
    await this.#rest.ask("PUT", "/users/me/preferences", { body: { do_not_disturb: hours } });
    this.#remember(Promise.resolve(hours));
  }

  async isQuiet(): Promise<boolean> {
    const hours = await this.quietHours().catch(() => null);
    return hours !== null && within(hours, new Date());
  }

  onCall(listener: (call: Call) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  markRead(channelId: number): void {
    this.#reading.markAll([channelId]);
  }

  async markAllRead(): Promise<void> {
    const unread = this.#channels.joined.peek().filter(({ membership }) => membership.unread > 0);
    this.#reading.markAll(unread.map(({ id }) => id));
    await this.#threads.markAllRead();
  }

  /** Each message that was posted, with the fact that says so. */
  posted(message: Message, me: number): void {
    if (!this.#listeners.size || message.author_id === me || message.deleted_at) return;
    if (Date.now() - Date.parse(message.created_at) > FRESH_MILLISECONDS) return;
    const channel = this.#channels.get(message.channel_id).peek();
    if (!channel || !this.#isCalling(message, channel, me)) return;
    for (const listener of this.#listeners) listener({ message, channel });
  }

  clear(): void {
    this.#hours = null;
  }

  #isCalling(message: Message, channel: Channel, me: number): boolean {
    const level = this.levelOf(channel);
    if (level === "none") return false;
    if (callsFor(message, me)) return true;
    if (!standsInChannel(message)) return this.#threads.isFollowed(message.channel_id, message.thread as number);
    return level === "all";
  }

  #remember(hours: Promise<QuietHours | null>): void {
    this.#hours = { asked: Date.now(), hours };
    hours.catch(() => {
      this.#hours = null;
    });
  }

  async #load(): Promise<QuietHours | null> {
    return (await this.#rest.get<Preferences>("/users/me/preferences")).do_not_disturb ?? null;
  }
}

/** By the clock of the zone they are in; they may go over midnight. */
export function within({ start, end, timezone }: QuietHours, now: Date): boolean {
  const time = clock(now, timezone ?? "UTC");
  return start <= end ? time >= start && time < end : time >= start || time < end;
}

function clock(now: Date, timeZone: string): string {
  try {
    const form = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
    return form.format(now);
  } catch {
    return now.toISOString().slice(11, 16);
  }
}
