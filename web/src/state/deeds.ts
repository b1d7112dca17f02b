/** What becomes of a message after it was posted. Each says how things are, so that it may be said twice. */

import type { Fact } from "../protocol/frames";
import type { Message, MessagePinned } from "../protocol/wire";

/** In the channel itself; a reply in a thread stands there only where its author said so. */
export const standsInChannel = ({ thread, to_channel }: Pick<Message, "thread" | "to_channel">): boolean =>
  thread === null || to_channel === true;

export const callsFor = ({ mentions, broadcast }: Message, me: number): boolean =>
  broadcast === "channel" || (mentions?.includes(me) ?? false);

export function deleted(message: Message, deleted_at: string): Message {
  const { mentions, broadcast, pinned_at, pinned_by, sketch_id, ai, ...rest } = message;
  return { ...rest, text: "", deleted_at, reactions: [] };
}

export function edited(message: Message, text: string, edited_at: string): Message {
  return message.deleted_at ? message : { ...message, text, edited_at };
}

/** Who reacted is a set, and an emoji that nobody gives is gone. */
export function reacted(message: Message, userId: number, emoji: string, isOn: boolean): Message {
  if (message.deleted_at) return message;
  const known = message.reactions.find((one) => one.emoji === emoji);
  if ((known?.user_ids.includes(userId) ?? false) === isOn) return message;
  if (!known) {
    return { ...message, reactions: [...message.reactions, { emoji, count: 1, user_ids: [userId] }] };
  }
  const user_ids = isOn ? [...known.user_ids, userId] : known.user_ids.filter((id) => id !== userId);
  const changed = { emoji, count: user_ids.length, user_ids };
  const reactions = message.reactions.flatMap((one) => (one !== known ? [one] : user_ids.length ? [changed] : []));
  return { ...message, reactions };
}

export function pinned(message: Message, pinned_at: string, pinned_by: number): Message {
  return message.deleted_at ? message : { ...message, pinned_at, pinned_by };
}

export function unpinned(message: Message): Message {
  if (message.pinned_at === undefined) return message;
  const { pinned_at, pinned_by, ...rest } = message;
  return rest;
}

/** A reply was posted in the thread that the message began. */
export function answeredBy(root: Message, seq: number): Message {
  if (seq <= (root.last_reply_seq ?? 0)) return root;
  return { ...root, reply_count: (root.reply_count ?? 0) + 1, last_reply_seq: seq };
}

/** What a fact makes of a message that is there; null for facts about something else. */
export function deedOf(fact: Fact): { of: number; make: (message: Message) => Message } | null {
  const about = fact as Fact & { message_seq: number; user_id: number; emoji: string };
  const of = about.message_seq;
  switch (fact.type) {
    case "message.edited":
    case "ai.finished":
    case "ai.undone": {
      const { message } = fact as Fact & { message: Message };
      return { of: message.seq, make: () => message };
    }
    case "message.deleted":
      return { of, make: (message) => deleted(message, (fact as Fact & { deleted_at: string }).deleted_at) };
    case "reaction.added":
    case "reaction.removed":
      return { of, make: (message) => reacted(message, about.user_id, about.emoji, fact.type === "reaction.added") };
    case "message.pinned":
      return { of, make: (message) => pinned(message, (fact as MessagePinned).pinned_at, about.user_id) };
    case "message.unpinned":
      return { of, make: unpinned };
    default:
      return null;
  }
}
