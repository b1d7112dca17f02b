/** One's own conversations with the AI, at the end of the sidebar. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { closeDrawer } from "../app/drawer";
import { channelPath, navigate, route } from "../app/router";
import { useChalkline } from "../app/state";
import type { ChannelMenuItems } from "../chat/features";
import { focusComposer } from "../chat/focus";
import { openInvite } from "../chat/windows";
import { ChannelLink } from "../chat/sidebar";
import { asFault } from "../protocol/faults";
import type { JoinedChannel, State } from "../state";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import type { MenuItem } from "../ui/menu";
import { isThere } from "./asking";
import { openChannelAi, openDelete, openRename } from "./dialogs";
import { aiWords } from "./words";

const SHOWN = 8;
/** What the server calls one in which nothing was asked (services/ai_conversations.py). */
const UNNAMED = "New conversation";
/** A channel's own beginning: its first member. */
const BEGUN = 1;

const isBusy = signal(false);

export function Conversations() {
  const state = useChalkline();
  const [isWhole, setWhole] = useState(false);
  const all = state.channels.joined.value.filter(({ kind }) => kind === "ai");
  const there = isThere(state);
  const isAdmin = state.session.me.value?.role === "admin";
  if (!all.length && !there && !(there === false && isAdmin)) return null;
  const here = route.value;
  const shown = all.filter(
    ({ id }, index) => isWhole || index < SHOWN || (here.view === "channel" && here.channelId === id),
  );
  return (
    <>
      <div class="sidebar-heading">
        <h2>Assistant</h2>
        {there && <IconButton icon="plus" label="New conversation" onClick={() => void begin(state)} />}
      </div>
      <ul>
        {shown.map((channel) => (
          <ChannelLink key={channel.id} channel={channel} />
        ))}
        {there && !all.length && (
          <li>
            <button type="button" class="channel-link is-quiet" onClick={() => void begin(state)}>
              <Icon name="sparkles" />
              <span>Start a conversation</span>
            </button>
          </li>
        )}
        {there === false && isAdmin && state.ai.missing.value && (
          <li class="sidebar-none">{aiWords(state.ai.missing.value, state)}</li>
        )}
      </ul>
      {all.length > shown.length && (
        <button type="button" class="link-button sidebar-more" onClick={() => setWhole(true)}>
          {all.length - shown.length} earlier
        </button>
      )}
    </>
  );
}

/** One in which nothing was asked is taken again, so that no heap of empty ones grows. */
async function begin(state: State): Promise<void> {
  if (isBusy.peek()) return;
  isBusy.value = true;
  try {
    const empty = state.channels.joined
      .peek()
      .find(({ kind, name, head_seq }) => kind === "ai" && name === UNNAMED && head_seq <= BEGUN);
    const { id } = empty ?? (await state.ai.createConversation());
    closeDrawer();
    navigate(channelPath(id));
    focusComposer();
  } catch (error) {
    notify(aiWords(asFault(error), state), true);
  } finally {
    isBusy.value = false;
  }
}

/** What a channel's menu offers about the AI, and a conversation's menu at all. */
export const menuItems: ChannelMenuItems = (channel, state) => {
  if (channel.kind !== "ai") return isThere(state) ? [instructions(channel)] : [];
  const bring: MenuItem = {
    label: "Bring people in",
    icon: "userPlus",
    run: () => openInvite(channel),
  };
  if (channel.membership.role !== "owner") return [bring, instructions(channel)];
  return [
    { label: "Rename", icon: "edit", run: () => openRename(channel) },
    bring,
    instructions(channel),
    { label: "Delete conversation", icon: "trash", danger: true, run: () => openDelete(channel) },
  ];
};

function instructions(channel: JoinedChannel): MenuItem {
  return { label: "Instructions for the assistant", icon: "sparkles", run: () => openChannelAi(channel) };
}
