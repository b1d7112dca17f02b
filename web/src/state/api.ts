/** What the page's views may ask of the state: signals to read, actions to call. Types only; `index.ts` makes one.
 *
 * Law: views read signals and call actions, and never fetch, open sockets or touch storage themselves. An action that
 * talks to the server returns a promise that rejects with a `Fault` (protocol/faults.ts), whose `detail` is for people.
 */

import type { ReadonlySignal, Signal } from "@preact/signals";
import type {
  AuditQuery,
  Channel,
  ChannelRole,
  Deed,
  File,
  Instance,
  Invite,
  Member,
  Membership,
  Message,
  Page,
  SessionInfo,
  UpdateChannel,
  User,
} from "../protocol/wire";
import type { AiState, SketchesState } from "./api_made";
import type { OrderState } from "./api_order";
import type { CommandsState, ProgramsState } from "./api_programs";
import type { AttentionState, DeviceState, MessagesState, ThreadsState } from "./api_talk";

export type * from "./api_made";
export type * from "./api_order";
export type * from "./api_programs";
export type * from "./api_talk";

/** The whole state of one tab. `close` gives its socket and timers back. */
export interface State {
  readonly session: SessionState;
  readonly connection: ConnectionState;
  readonly channels: ChannelsState;
  readonly users: UsersState;
  readonly admin: AdminState;
  readonly sketches: SketchesState;
  readonly ai: AiState;
  readonly messages: MessagesState;
  readonly threads: ThreadsState;
  readonly attention: AttentionState;
  readonly order: OrderState;
  readonly programs: ProgramsState;
  readonly commands: CommandsState;
  readonly device: DeviceState;
  /** What the server says about itself before anybody is signed in; null until it is known. */
  readonly instance: ReadonlySignal<Instance | null>;
  /** The server has a newer page: offer to reload. Nothing breaks meanwhile, and nothing that was written is lost by it. */
  readonly isOutdated: ReadonlySignal<boolean>;
  /** The messages of a channel, as one view of it scrolls. The same one for the same id while it is open. */
  view(channelId: number): ChannelView;
  /** One's unsent text in a channel or a thread. Survives a reload; set it to "" when it was sent. */
  draft(channelId: number, thread?: number | null): Signal<string>;
  /** The files that go with the draft of the same place. */
  tray(channelId: number, thread?: number | null): Tray;
  close(): void;
}

export type { Instance };

export interface SessionState {
  /** `starting` until it is known whether the cookie still opens; show nothing but the page's frame then. */
  readonly status: ReadonlySignal<"starting" | "signed_out" | "signed_in">;
  readonly me: ReadonlySignal<User | null>;
  /** Why one was signed out, if not by one's own doing: to be shown above the form. */
  readonly notice: ReadonlySignal<"" | "expired" | "revoked">;
  register(form: { username: string; password: string; display_name?: string; invite?: string }): Promise<void>;
  signIn(form: { username: string; password: string }): Promise<void>;
  /** Ends the session in all tabs. Local drafts and pending messages go too. */
  signOut(): Promise<void>;
  updateMe(change: { display_name?: string; status?: string }): Promise<void>;
  changePassword(change: { password: string; current_password: string }): Promise<void>;
  list(): Promise<SessionInfo[]>;
  revoke(sessionId: string): Promise<void>;
  revokeAll(): Promise<void>;
}

export type ConnectionStatus = "idle" | "connecting" | "online" | "reconnecting" | "offline" | "stopped";

export interface ConnectionState {
  /** `offline`: the browser has no network. `stopped`: it won't try again by itself (`reason` says why); `retry` does. */
  readonly status: ReadonlySignal<ConnectionStatus>;
  readonly reason: ReadonlySignal<string>;
  /** Whole seconds until the next attempt; null where none is planned. */
  readonly secondsLeft: ReadonlySignal<number | null>;
  retry(): void;
}

/** A channel one is in. */
export type JoinedChannel = Channel & { readonly membership: Membership };

export interface ChannelsState {
  /** Loaded at least once. */
  readonly isReady: ReadonlySignal<boolean>;
  /** Those one is in, by name; then direct ones; then conversations with the AI, newest first. */
  readonly joined: ReadonlySignal<readonly JoinedChannel[]>;
  /** Unread messages over all of them. */
  readonly unread: ReadonlySignal<number>;
  /** One's own channels only. Undefined: not there, or not yet (see `isReady`). */
  get(channelId: number): ReadonlySignal<JoinedChannel | undefined>;
  /** The name to show: a direct channel has those of the others. */
  title(channel: Channel): string;
  /** One that one needn't be in; for permalinks and for joining. */
  load(channelId: number): Promise<Channel>;
  browse(query: { q?: string; cursor?: string | null }): Promise<Page<Channel>>;
  create(form: {
    name: string;
    description?: string;
    visibility?: "public" | "private";
    password?: string;
  }): Promise<Channel>;
  update(channelId: number, change: UpdateChannel): Promise<void>;
  remove(channelId: number): Promise<void>;
  join(channelId: number, password?: string): Promise<Channel>;
  leave(channelId: number): Promise<void>;
  openDirect(userIds: readonly number[]): Promise<Channel>;
  /** Online people of channels one is in. */
  readonly online: ReadonlySignal<ReadonlySet<number>>;
  /** Those who are writing right now, without oneself. */
  typing(channelId: number): ReadonlySignal<readonly number[]>;
  /** Loads on the first call; then follows the facts. Undefined until loaded. */
  members(channelId: number): ReadonlySignal<readonly Member[] | undefined>;
  putMember(channelId: number, userId: number, role?: ChannelRole): Promise<void>;
  removeMember(channelId: number, userId: number): Promise<void>;
}

/** One's own message on its way. It is never shown as sent before the server has said so. */
export interface PendingMessage {
  readonly channel_id: number;
  readonly client_id: string;
  readonly text: string;
  readonly reply_to: number | null;
  readonly thread: number | null;
  /** Of a reply in a thread: it stands in the channel, too. */
  readonly to_channel?: boolean;
  readonly attachments?: readonly File[];
  readonly created_at: string;
  /** `sent`: confirmed with a seq, and its fact is about to take its place. */
  readonly state: "pending" | "failed" | "sent";
  readonly seq: number | null;
  /** Of a failure: a code of the protocol, or `expired` for one kept too long to be sent unasked; and its words. */
  readonly code: string;
  readonly detail: string;
}

/** What a message may have beside its text. */
export interface Sent {
  readonly reply_to?: number;
  readonly thread?: number;
  readonly attachments?: readonly File[];
}

/** A file on its way to a message that is being written. It is `ready` only when the server has it. */
export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly state: "waiting" | "uploading" | "ready" | "failed";
  /** From 0 to 1, of what was sent. */
  readonly progress: number;
  /** Once it is ready. */
  readonly file: File | null;
  /** Of a failure. */
  readonly code: string;
  readonly detail: string;
}

/** The files of one message that is being written. Those that are ready survive a reload. */
export interface Tray {
  readonly uploads: ReadonlySignal<readonly Upload[]>;
  add(files: Iterable<globalThis.File>): void;
  retry(key: string): void;
  /** Stops it, or takes it back. */
  remove(key: string): void;
  /** Those that are ready, which are a message's from now on. */
  take(): readonly File[];
  /** These are a message's from now on; whatever else there is stays. */
  give(files: readonly File[]): void;
}

/** What a list renders, oldest first. `key` stays the same when a pending message becomes a message. */
export type Row =
  | { readonly key: string; readonly message: Message; readonly pending: null }
  | { readonly key: string; readonly message: null; readonly pending: PendingMessage };

export interface ChannelView {
  readonly channelId: number;
  /** A stretch of history without a hole; with the newest in it, one's pending messages follow. */
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly status: ReadonlySignal<"loading" | "ready" | "failed">;
  /** Why it is `failed`. */
  readonly fault: ReadonlySignal<{ readonly code: string; readonly detail: string } | null>;
  readonly hasOlder: ReadonlySignal<boolean>;
  readonly hasNewer: ReadonlySignal<boolean>;
  readonly isLoadingOlder: ReadonlySignal<boolean>;
  readonly isLoadingNewer: ReadonlySignal<boolean>;
  /** Where the line "new" stands: after this seq. Fixed when the channel is opened, until `moveUnreadLine`. */
  readonly unreadLine: ReadonlySignal<number | null>;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Puts a seq into the window (a permalink); false where no message has it, with the nearest ones shown. */
  jumpTo(seq: number): Promise<boolean>;
  jumpToNewest(): Promise<void>;
  /** Tell what is on the screen, so that what is let go for memory is far from it: a seq, or "newest" at the end. */
  anchor(at: number | "newest"): void;
  /** Visible at once, before this returns. An empty text without files is not sent. Gives its client_id. */
  send(text: string, more?: Sent): string;
  /** Again, after it failed. */
  resend(clientId: string): void;
  discard(clientId: string): void;
  /** Call at every keystroke; tells the others at most every few seconds. */
  typing(): void;
  /** Up to the newest one that is on the screen of a visible page. Never goes back. */
  markRead(seq: number): void;
  /** From this message on, on all of one's devices; here until the view is left, or one writes. */
  markUnread(seq: number): Promise<void>;
  /** One that is in memory, also where it stands in a thread alone. */
  find(seq: number): Message | undefined;
  /** Moves the line to the last read message: call when the view is left or the page hidden. */
  moveUnreadLine(): void;
  /** Loads again after `failed`. */
  reload(): Promise<void>;
  /** The view is left: what it held may be forgotten. */
  close(): void;
}

export interface UsersState {
  /** Someone by id: undefined for the moment until it is fetched. Batched and cached. */
  get(userId: number): ReadonlySignal<User | undefined>;
  /** The name to show at once, with a placeholder while it is unknown. Reads a signal. */
  name(userId: number): string;
  search(q: string, cursor?: string | null): Promise<Page<User>>;
}

export interface AdminState {
  users(query: { q?: string; cursor?: string | null }): Promise<Page<User>>;
  updateUser(userId: number, change: { role?: "admin" | "member"; disabled?: boolean }): Promise<User>;
  deleteUser(userId: number): Promise<void>;
  channels(query: { q?: string; cursor?: string | null }): Promise<Page<Channel>>;
  invites(): Promise<Invite[]>;
  createInvite(form: { uses?: number; hours?: number }): Promise<Invite>;
  deleteInvite(inviteId: string): Promise<void>;
  /** Who did what to whom, the newest first. */
  audit(query: AuditQuery): Promise<Page<Deed>>;
  health(): Promise<Health>;
}

export interface Health {
  readonly status: "ok" | "unavailable";
  readonly checks: Readonly<Record<string, string>>;
  /** How long the answer took. */
  readonly milliseconds: number;
}
