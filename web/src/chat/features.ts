/**
 * Where features add their part of the chat: how a kind of message looks, what can be done with one, what the composer
 * offers, and what may stand beside the messages. A feature has its own folder and adds itself in `features/…` imports
 * of main.tsx; the chat itself knows none of them.
 */
import type { ComponentType } from "preact";
import type { Message } from "../protocol/wire";
import type { ChannelView, JoinedChannel, State } from "../state";
import type { IconName } from "../ui/icon";

export interface BodyProps {
  message: Message;
  state: State;
}

export interface MessageContext {
  message: Message;
  channel: JoinedChannel;
  state: State;
  view: ChannelView;
  reply: (seq: number) => void;
}

export interface MessageAction {
  id: string;
  label: string;
  icon: IconName;
  /** A single key that does it while the message has the focus. */
  key?: string;
  isOffered?: (context: MessageContext) => boolean;
  run: (context: MessageContext) => void;
}

/** What the composer's text is, and what may become of it. */
export interface ComposerText {
  text: string;
  start: number;
  end: number;
}

export interface ComposerAction {
  id: string;
  label: string;
  icon: IconName;
  keys?: string;
  run: (text: ComposerText, channel: JoinedChannel) => ComposerText | null;
}

export interface SidePane {
  id: string;
  title: string;
  icon: IconName;
  label: (channel: JoinedChannel) => string;
  Pane: ComponentType<{ channel: JoinedChannel; onClose: () => void }>;
}

export const bodies = new Map<string, ComponentType<BodyProps>>();
export const messageActions: MessageAction[] = [];
export const composerActions: ComposerAction[] = [];
export const sidePanes: SidePane[] = [];
