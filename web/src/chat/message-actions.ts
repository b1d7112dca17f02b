/** What can be done with any message. Handy ones first; the menu keeps this order. */
import { channelPath, messagePath, navigate, threadPath } from "../app/router";
import { openOverlay } from "../app/overlays";
import { openPicker } from "../emoji/open";
import { asFault } from "../protocol/faults";
import { mayModerate } from "../order/rights";
import { announce, notify } from "../ui/live";
import { faultWords } from "../words";
import { isMuted } from "./composer-state";
import { confirmDelete } from "./delete-message";
import { beginEdit, mayEdit } from "./editing";
import { type MessageContext, messageActions } from "./features";
import { versionsOf } from "./versions";

/** A hidden message can be deleted or shown again, and nothing else; who is muted only deletes what is theirs. */
const isThere = ({ message, channel }: MessageContext): boolean =>
  !message.deleted_at && !message.hidden_at && !channel.archived_at && !isMuted(channel);
const isOwn = ({ message, state }: MessageContext): boolean => message.author_id === state.session.me.peek()?.id;

messageActions.push(
  {
    id: "react",
    label: "Add a reaction",
    icon: "smile",
    key: "e",
    isHandy: true,
    isOffered: isThere,
    run: (context, anchor) => openPicker(anchor, (emoji) => react(context, emoji)),
  },
  {
    id: "thread",
    label: ({ message }) => (message.reply_count || message.thread ? "Open the thread" : "Reply in a thread"),
    icon: "thread",
    key: "t",
    isHandy: true,
    isOffered: ({ message, place }) =>
      place === "channel" && ((!message.deleted_at && !message.hidden_at) || Boolean(message.reply_count)),
    run: ({ message }) => navigate(threadPath(message.channel_id, message.thread ?? message.seq)),
  },
  {
    id: "reply",
    label: "Quote and reply",
    icon: "reply",
    key: "r",
    isHandy: true,
    isOffered: isThere,
    run: ({ message, reply }) => reply(message.seq),
  },
  {
    id: "edit",
    label: "Edit",
    icon: "edit",
    key: "w",
    isOffered: (context) => isThere(context) && mayEdit(context.message, context.state),
    run: ({ message, place }) => beginEdit(message, place),
  },
  {
    id: "pin",
    label: ({ message }) => (message.pinned_at ? "Unpin" : "Pin to the channel"),
    icon: "pin",
    key: "p",
    isOffered: isThere,
    run: (context) => void pin(context),
  },
  {
    id: "unread",
    label: "Mark as unread from here",
    icon: "unread",
    key: "u",
    isOffered: (context) => context.place === "channel" && !isOwn(context),
    run: (context) => void markUnread(context),
  },
  {
    id: "copy",
    label: "Copy text",
    icon: "copy",
    key: "c",
    isOffered: ({ message }) => !message.deleted_at && !message.hidden_at,
    run: ({ message }) => void copy(message.text, "Text copied"),
  },
  {
    id: "link",
    label: "Copy link",
    icon: "link",
    key: "l",
    run: ({ message, place }) => {
      const path = place === "thread" ? messagePath(message) : channelPath(message.channel_id, message.seq);
      void copy(location.origin + path, "Link to the message copied");
    },
  },
  {
    id: "versions",
    label: "What it said before",
    icon: "history",
    isOffered: (context) =>
      mayModerate(context.channel, context.state) && Boolean(context.message.edited_at || context.message.deleted_at),
    run: ({ message }) => openOverlay(versionsOf(message)),
  },
  {
    id: "delete",
    label: "Delete",
    icon: "trash",
    key: "d",
    danger: true,
    isOffered: (context) =>
      !context.message.deleted_at &&
      !context.channel.archived_at &&
      (isOwn(context) || mayModerate(context.channel, context.state)),
    run: ({ message, state }) => confirmDelete(message, state),
  },
);

/** Takes one's own back, where it is there. */
export function react({ message, state }: Pick<MessageContext, "message" | "state">, emoji: string): void {
  const me = state.session.me.peek()?.id ?? 0;
  const isOn = !message.reactions.find((one) => one.emoji === emoji)?.user_ids.includes(me);
  announce(isOn ? `Reacted with ${emoji}` : `Took back ${emoji}`);
  state.messages
    .react(message.channel_id, message.seq, emoji, isOn)
    .catch((error: unknown) => notify(faultWords(asFault(error)), true));
}

async function pin({ message, state }: MessageContext): Promise<void> {
  const isPinned = !message.pinned_at;
  try {
    announce(isPinned ? "Pinned" : "Unpinned");
    await state.messages.pin(message.channel_id, message.seq, isPinned);
  } catch (error) {
    notify(faultWords(asFault(error)), true);
  }
}

async function markUnread({ message, view }: MessageContext): Promise<void> {
  try {
    await view.markUnread(message.seq);
    announce("Marked as unread from here");
  } catch (error) {
    notify(faultWords(asFault(error)), true);
  }
}

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(done);
  } catch {
    notify("Your browser doesn’t let this page copy.", true);
  }
}
