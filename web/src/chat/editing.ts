/** Which message is being edited, and what it says meanwhile: a text that was begun outlives its row's leaving the screen. */
import { signal } from "@preact/signals";
import type { Message } from "../protocol/wire";
import type { Row, State } from "../state";

interface Editing {
  readonly channelId: number;
  readonly seq: number;
  readonly place: "channel" | "thread";
  readonly text: string;
}

export const editing = signal<Editing | null>(null);

export function beginEdit({ channel_id, seq, text }: Message, place: "channel" | "thread"): void {
  editing.value = { channelId: channel_id, seq, place, text };
}

export function endEdit(): void {
  editing.value = null;
}

export const mayEdit = (message: Message, state: State): boolean =>
  message.author_id === state.session.me.peek()?.id && !message.deleted_at && message.kind === "text";

/** The last of one's own among these; false where there is none. */
export function editLast(rows: readonly Row[], state: State, place: "channel" | "thread"): boolean {
  const row = rows.findLast(({ message }) => message !== null && mayEdit(message, state));
  if (!row?.message) return false;
  beginEdit(row.message, place);
  return true;
}
