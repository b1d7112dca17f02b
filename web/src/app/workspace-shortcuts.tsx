/** The shortcuts that hold in every view. */
import { useLayoutEffect } from "preact/hooks";
import { openNewDirect, openSwitcher } from "../chat/windows";
import type { State } from "../state";
import { asFault } from "../protocol/faults";
import { notify } from "../ui/live";
import { faultWords } from "../words";
import { openLater } from "./later";
import { channelPath, navigate, route } from "./router";
import { addShortcuts } from "./shortcuts";
import { useChalkline } from "./state";

const sheet = () => import("./shortcut-sheet").then((module) => module.ShortcutSheet);
export const openSheet = (): void => openLater(sheet, {});

export async function markAllRead(attention: State["attention"]): Promise<void> {
  try {
    await attention.markAllRead();
    notify("Everything is marked as read");
  } catch (error) {
    notify(faultWords(asFault(error)), true);
  }
}

export function useWorkspaceShortcuts(): void {
  const state = useChalkline();
  useLayoutEffect(
    () =>
      addShortcuts([
        { keys: "Mod+K", words: "Jump to a channel or a person", group: "Anywhere", run: openSwitcher },
        { keys: "Mod+Shift+F", words: "Search messages", group: "Anywhere", run: () => navigate("/search") },
        { keys: "Mod+Shift+Y", words: "Write to somebody", group: "Anywhere", run: openNewDirect },
        { keys: "Mod+Shift+L", words: "Your threads", group: "Anywhere", run: () => navigate("/threads") },
        {
          keys: "Shift+Esc",
          words: "Mark everything as read",
          group: "Channels",
          run: () => void markAllRead(state.attention),
        },
        { keys: "?", words: "Show these shortcuts", group: "Anywhere", run: openSheet },
        { keys: "Mod+/", words: "Show these shortcuts", group: "Anywhere", run: openSheet },
        { keys: "Alt+↓", words: "Next channel", group: "Channels", run: () => step(state, 1, false) },
        { keys: "Alt+↑", words: "Channel before", group: "Channels", run: () => step(state, -1, false) },
        { keys: "Alt+Shift+↓", words: "Next unread channel", group: "Channels", run: () => step(state, 1, true) },
        { keys: "Alt+Shift+↑", words: "Unread channel before", group: "Channels", run: () => step(state, -1, true) },
      ]),
    [state],
  );
}

function step(state: State, by: 1 | -1, onlyUnread: boolean): void {
  const channels = state.channels.joined.peek();
  const now = route.peek();
  const current = now.view === "channel" ? channels.findIndex((channel) => channel.id === now.channelId) : -1;
  for (let moved = 1; moved <= channels.length; moved++) {
    const index = (current + by * moved + channels.length * 2) % channels.length;
    const channel = channels[index]!;
    if (onlyUnread && !channel.membership.unread) continue;
    return navigate(channelPath(channel.id));
  }
}
