/** The shortcuts that hold in every view. */
import { useEffect } from "preact/hooks";
import { Switcher } from "../chat/switcher";
import type { State } from "../state";
import { openOverlay } from "./overlays";
import { channelPath, navigate, route } from "./router";
import { addShortcuts } from "./shortcuts";
import { ShortcutSheet } from "./shortcut-sheet";
import { useChalkline } from "./state";

export const openSwitcher = (): void => openOverlay(<Switcher />);
export const openSheet = (): void => openOverlay(<ShortcutSheet />);

export function useWorkspaceShortcuts(): void {
  const state = useChalkline();
  useEffect(
    () =>
      addShortcuts([
        { keys: "Mod+K", words: "Jump to a channel or a person", group: "Anywhere", run: openSwitcher },
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
