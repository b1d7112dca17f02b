/**
 * Where features add their part of the chat: how a kind of message looks, what can be done with one, what the composer
 * offers, and what may stand beside the messages. A feature has its own folder and adds itself in `features/…` imports
 * of main.tsx; the chat itself knows none of them.
 */
import type { ComponentChildren, ComponentType } from "preact";
import { signal } from "@preact/signals";
import type { File, Member, Message } from "../protocol/wire";
import type { ChannelView, JoinedChannel, Row, State } from "../state";
import type { IconName } from "../ui/icon";
import type { MenuItem } from "../ui/menu";

export interface BodyProps {
  message: Message;
  state: State;
}

export interface MessageContext {
  message: Message;
  channel: JoinedChannel;
  state: State;
  /** The channel's, also where the message stands in a thread. */
  view: ChannelView;
  place: "channel" | "thread";
  reply: (seq: number) => void;
}

export interface MessageAction {
  id: string;
  label: string | ((context: MessageContext) => string);
  icon: IconName;
  /** A single key that does it while the message has the focus. */
  key?: string;
  /** Has a button of its own at the message; all others are in its menu. */
  isHandy?: boolean;
  danger?: boolean;
  isOffered?: (context: MessageContext) => boolean;
  /** `anchor` is what was pressed, or the message itself. */
  run: (context: MessageContext, anchor: Element) => void;
}

export const labelOf = ({ label }: MessageAction, context: MessageContext): string =>
  typeof label === "string" ? label : label(context);

export const offered = (context: MessageContext): MessageAction[] =>
  messageActions.filter((action) => action.isOffered?.(context) ?? true);

/** What the composer's text is, and what may become of it. */
export interface ComposerText {
  text: string;
  start: number;
  end: number;
}

export interface ComposerMore {
  /** What was pressed. */
  anchor: Element;
  put: (text: ComposerText) => void;
}

export interface ComposerAction {
  id: string;
  label: string;
  icon: IconName;
  keys?: string;
  /** What becomes of the text at once; or null, and later with `put`. */
  run: (text: ComposerText, channel: JoinedChannel, more: ComposerMore) => ComposerText | null;
}

/** What is sent from a composer. `done` empties the field, if it is still as it was, and lets go of the files. */
export interface Posting {
  channel: JoinedChannel;
  view: ChannelView;
  /** The first message of the thread that it was written in. */
  thread: number | null;
  text: string;
  files: readonly File[];
  replyTo: number | null;
  done: () => void;
  /** Sends what stands in the field then as a message, whatever it looks like. */
  post: () => void;
}

/** Another way of sending what was written. */
export interface ComposerMode {
  id: string;
  /** Above the field, whether or not the mode is on. */
  Bar?: ComponentType<{ channel: JoinedChannel; view: ChannelView; text: string }>;
  /** Beside the button that sends. */
  Toggle?: ComponentType<{ channel: JoinedChannel; view: ChannelView; text: string }>;
  placeholder?: (channel: JoinedChannel) => string | null;
  /** A key that it takes for itself. */
  press?: (keys: string, text: string, channel: JoinedChannel) => boolean;
  /** Takes what is sent; false while the mode is off. */
  take: (posting: Posting, state: State) => boolean;
}

/** What may be done about a member, beside the usual. */
export type MemberMenuItems = (channel: JoinedChannel, member: Member, state: State) => MenuItem[];

/** Above the field of a composer: what came of what was written last. */
export type ComposerNote = ComponentType<{ channel: JoinedChannel; thread: number | null }>;

/** What a channel's menu offers beside the usual; `open` shows a pane beside the messages. */
export type ChannelMenuItems = (channel: JoinedChannel, state: State, open: (pane: string) => void) => MenuItem[];

export interface SidePane {
  id: string;
  title: string;
  icon: IconName;
  label: (channel: JoinedChannel, state: State) => string;
  /** Whether its button stands at the head of a channel; without one it is opened from elsewhere. */
  isOffered?: (channel: JoinedChannel, state: State) => boolean;
  Pane: ComponentType<{ channel: JoinedChannel; onClose: () => void }>;
}

/** What may be completed while somebody writes: `begun` matches what stands before the caret, its first group is sought. */
export interface Completion {
  id: string;
  title: string;
  begun: RegExp;
  find: (sought: string, context: { channel: JoinedChannel; state: State }) => readonly Completed[];
  /** Whatever it needs, loaded when it is first wanted; then the list is made again. */
  prepare?: () => Promise<unknown> | null;
}

export interface Completed {
  key: string;
  mark: ComponentChildren;
  title: string;
  note: string;
  /** Takes the place of all that was matched. */
  text: string;
}

export const bodies = new Map<string, ComponentType<BodyProps>>();
export const messageActions: MessageAction[] = [];
export const composerActions: ComposerAction[] = [];
export const sidePanes: SidePane[] = [];
export const composerModes: ComposerMode[] = [];
export const composerNotes: ComposerNote[] = [];
export const channelMenus: ChannelMenuItems[] = [];
export const memberMenus: MemberMenuItems[] = [];
/** Below what a message says. */
export const messageExtras: ComponentType<BodyProps>[] = [];
/** At the end of the lists of channels. */
export const sidebarSections: ComponentType[] = [];
/** Before the first message of a kind of channel. */
export const channelStarts = new Map<string, ComponentType<{ channel: JoinedChannel }>>();
/** What one may write after a `/`, beside what the server knows. */
export const ownCommands: ((state: State) => Completed | null)[] = [];
/** Whom one may name beside the members. */
export const mentionable: ((state: State) => Completed | null)[] = [];
/** Which of a channel's rows are shown; reads signals. */
export const arrangements: ((channel: JoinedChannel, rows: readonly Row[]) => readonly Row[])[] = [];
/** Counted up when something of one's own was posted by another way than the outbox: the list goes to its end. */
export const ownPostings = signal(0);
export const completions: Completion[] = [];
