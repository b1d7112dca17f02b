/** A message in a few words, wherever there is no room for all of it. */
import { plainText } from "../chat/markdown/render";
import type { Message } from "../protocol/wire";

/** Its text without marks; where it has none, the names of its files. */
export function said({ text, attachments }: Pick<Message, "text" | "attachments">, most = 200): string {
  return plainText(text.slice(0, most)) || attachments.map(({ name }) => name).join(", ");
}

/** Instead of what it says, where there is nothing to say any more. */
export function goneWords({ deleted_at, hidden_at, text }: Message): string | null {
  if (deleted_at) return "This message was deleted.";
  return hidden_at && !text ? "A moderator hid this message." : null;
}
