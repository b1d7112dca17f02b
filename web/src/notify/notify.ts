/** Shows what calls for one while the page is not looked at, unless it is one's quiet time. */
import { useEffect } from "preact/hooks";
import { messagePath, navigate, route } from "../app/router";
import { useChalkline } from "../app/state";
import { plainText } from "../chat/markdown/render";
import type { Call, State } from "../state";
import { notifications } from "./permission";
import { authorName } from "../chat/author";
import type { Place } from "./shown";

const SHOWN_CHARACTERS = 140;

export function useNotifications(): void {
  const state = useChalkline();
  useEffect(() => state.attention.onCall((call) => void tell(state, call)), [state]);
}

async function tell(state: State, { message, channel }: Call): Promise<void> {
  if (notifications.peek() !== "on" || isLookedAt(message.channel_id)) return;
  if (await state.attention.isQuiet()) return;
  const author = authorName(state, message);
  const title = channel.kind === "direct" ? author : `${author} in #${state.channels.title(channel)}`;
  // Of several tabs each shows it; with the same tag it is one.
  const tag = `${message.channel_id}/${message.seq}`;
  const path = messagePath(message);
  const thread = message.to_channel ? null : message.thread;
  const data: Place = { path, channel_id: message.channel_id, seq: message.seq, thread };
  const options = { body: plainText(message.text).slice(0, SHOWN_CHARACTERS), tag, icon: "/icon-192.png", data };
  try {
    const shown = new Notification(title, options);
    shown.onclick = () => {
      window.focus();
      navigate(path);
      shown.close();
    };
  } catch {
    // On phones only a service worker may.
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(title, options).catch(() => {});
  }
}

function isLookedAt(channelId: number): boolean {
  const now = route.peek();
  return document.hasFocus() && now.view === "channel" && now.channelId === channelId;
}
