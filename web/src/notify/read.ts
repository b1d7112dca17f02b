/** Takes back what is shown of messages that have been read, on whichever device that was. */
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useChalkline } from "../app/state";
import type { State } from "../state";
import type { Place } from "./shown";

/** Reading goes on: once for many. */
const WAIT_MILLISECONDS = 500;

interface ShownNotice {
  readonly data: Place | null;
  close(): void;
}

export function useClosingOfRead(): void {
  const state = useChalkline();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const known = useRef("");
  useSignalEffect(() => {
    const marks = state.channels.joined.value.map(({ id, membership }) => `${id}:${membership.last_read_seq}`).join();
    const now = `${marks} ${state.threads.unread.value}`;
    if (now === known.current) return;
    known.current = now;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void closeRead(state), WAIT_MILLISECONDS);
  });
}

async function closeRead(state: State): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  const notices = (await worker?.getNotifications?.().catch(() => [])) ?? [];
  for (const notice of notices as readonly ShownNotice[]) if (isRead(state, notice.data)) notice.close();
}

export function isRead(state: Pick<State, "channels" | "threads">, place: Place | null): boolean {
  if (!place?.channel_id || !place.seq) return false;
  const { channel_id, thread } = place;
  if (thread) return state.threads.isFollowed(channel_id, thread) && state.threads.unreadOf(channel_id, thread) === 0;
  const channel = state.channels.joined.peek().find(({ id }) => id === channel_id);
  return (channel?.membership.last_read_seq ?? 0) >= place.seq;
}
