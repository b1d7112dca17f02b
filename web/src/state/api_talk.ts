/** What views may ask about messages that are there, threads, and what calls for one. Part of `api.ts`. */

import type { ReadonlySignal } from "@preact/signals";
import type { Channel, Found, Membership, Message, Page, QuietHours, Thread, Version } from "../protocol/wire";
import type { Row, Sent } from "./api";

/** Changes show at once and wait for a connection; they reject when the server refuses, and are taken back then. */
export interface MessagesState {
  edit(channelId: number, seq: number, text: string): Promise<void>;
  remove(channelId: number, seq: number): Promise<void>;
  react(channelId: number, seq: number, emoji: string, isOn: boolean): Promise<void>;
  pin(channelId: number, seq: number, isPinned: boolean): Promise<void>;
  /** The newest pin first. */
  pins(channelId: number): Promise<readonly Message[]>;
  /** Changes whenever the pins may have. */
  pinsMark(channelId: number): ReadonlySignal<number>;
  /** What it was before, the oldest first; for moderators. */
  versions(channelId: number, seq: number): Promise<readonly Version[]>;
  search(query: { q: string; channel_id?: number | undefined; cursor?: string | null }): Promise<Found>;
  /** One that may not be in memory: undefined for the moment until it is fetched, null where there is none. */
  get(channelId: number, seq: number): ReadonlySignal<Message | null | undefined>;
}

/** One thread as one reads it. `close` it when it is left. */
export interface ThreadView {
  readonly channelId: number;
  readonly thread: number;
  /** Its first message, the replies, and one's own on their way. */
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly status: ReadonlySignal<"loading" | "ready" | "failed">;
  readonly fault: ReadonlySignal<{ readonly code: string; readonly detail: string } | null>;
  readonly unreadLine: ReadonlySignal<number | null>;
  readonly isFollowed: ReadonlySignal<boolean>;
  send(text: string, more?: Sent & { to_channel?: boolean }): string;
  resend(clientId: string): void;
  discard(clientId: string): void;
  typing(): void;
  /** All that is there. */
  markRead(): void;
  follow(follows: boolean): Promise<void>;
  reload(): Promise<void>;
  close(): void;
}

export interface ThreadsState {
  /** Whether one follows it. Reads a signal. */
  isFollowed(channelId: number, thread: number): boolean;
  open(channelId: number, thread: number): ThreadView;
  /** Replies one hasn't read, and those of them that call for one, over all threads one follows. */
  readonly unread: ReadonlySignal<number>;
  readonly mentions: ReadonlySignal<number>;
  /** Of one thread; 0 where one doesn't follow it. Reads a signal. */
  unreadOf(channelId: number, thread: number): number;
  list(query: { unread?: boolean; cursor?: string | null }): Promise<Page<Thread>>;
  markAllRead(): Promise<void>;
}

export type Level = NonNullable<Membership["notifications"]>;

/** A message that one wants to be told of, a moment ago. */
export interface Call {
  readonly message: Message;
  readonly channel: Channel;
}

/** This browser, as far as it is told of calls while no page is open. */
export interface DeviceState {
  /** Why it can't be; `insecure`: the page came over plain http, `switched_off`: the server tells nobody. Reads a signal. */
  readonly obstacle: "insecure" | "unsupported" | "switched_off" | null;
  readonly isOn: ReadonlySignal<boolean>;
  /** Whether a notice says what was said, or only by whom and where. */
  readonly showsText: ReadonlySignal<boolean>;
  /** By somebody's own doing only: the browser asks them. */
  turnOn(): Promise<void>;
  turnOff(): Promise<void>;
  setShowsText(showsText: boolean): Promise<void>;
}

export interface AttentionState {
  /** How much calls for one, over all channels and threads, by what one chose for each. */
  readonly calls: ReadonlySignal<number>;
  callsOf(channel: Channel): number;
  levelOf(channel: Channel): Level;
  /** Null: the usual one. */
  setLevel(channelId: number, level: Level | null): Promise<void>;
  quietHours(): Promise<QuietHours | null>;
  setQuietHours(hours: QuietHours | null): Promise<void>;
  /** Whether it is within the quiet hours now. */
  isQuiet(): Promise<boolean>;
  /** Tells of each call, until what it gives is called. */
  onCall(listener: (call: Call) => void): () => void;
  /** To its end, also where something was marked as unread. */
  markRead(channelId: number): void;
  /** Channels and threads. */
  markAllRead(): Promise<void>;
}
