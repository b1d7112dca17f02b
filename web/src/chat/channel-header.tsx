/** The name of a channel, what it is about, and what can be done with it. */
import { openDrawer } from "../app/drawer";
import { channelPath, navigate, searchPath } from "../app/router";
import { useChalkline } from "../app/state";
import type { JoinedChannel } from "../state";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu, type MenuItem } from "../ui/menu";
import { channelMenus, sidePanes } from "./features";
import {
  openChannelLevel,
  openChannelRules,
  openDeleteChannel,
  openEditChannel,
  openInvite,
  openLeaveChannel,
} from "./windows";

interface ChannelHeaderProps {
  channel: JoinedChannel;
  pane: string | null;
  onPane: (pane: string | null) => void;
}

export function ChannelHeader({ channel, pane, onPane }: ChannelHeaderProps) {
  const state = useChalkline();
  const { channels, attention } = state;
  return (
    <header class="view-header">
      <IconButton icon="menu" label="Show channels" class="only-narrow" onClick={openDrawer} />
      <h1 class="view-title">
        {channel.kind === "channel" && <Icon name={channel.visibility === "private" ? "lock" : "hash"} />}
        <span dir="auto">{channels.title(channel)}</span>
      </h1>
      {channel.archived_at && <span class="badge">Archived</span>}
      {attention.levelOf(channel) === "none" && (
        <span class="muted-mark" title="Notifications are off">
          <Icon name="bellOff" />
          <span class="visually-hidden">Notifications are off</span>
        </span>
      )}
      {channel.description && (
        <p class="view-about" dir="auto" title={channel.description}>
          {channel.description.split("\n")[0]}
        </p>
      )}
      <div class="view-actions">
        {sidePanes
          .filter((side) => side.isOffered?.(channel, state) ?? true)
          .map((side) => (
            <button
              key={side.id}
              type="button"
              class="pane-button"
              aria-pressed={pane === side.id}
              aria-label={`${side.title}: ${side.label(channel, state)}`}
              title={side.title}
              onClick={() => onPane(pane === side.id ? null : side.id)}
            >
              <Icon name={side.icon} />
              <span>{side.label(channel, state)}</span>
            </button>
          ))}
        <ChannelMenu channel={channel} onPane={onPane} />
      </div>
    </header>
  );
}

function ChannelMenu({ channel, onPane }: Pick<ChannelHeaderProps, "channel" | "onPane">) {
  const state = useChalkline();
  const { session, attention } = state;
  const isAdmin = session.me.value?.role === "admin";
  const mayChange = channel.kind === "channel" && (channel.membership.role === "owner" || isAdmin);
  const isUnread = channel.membership.unread > 0;
  const items: MenuItem[] = [
    { label: "Notifications", icon: "bell", run: () => openChannelLevel(channel) },
    { label: "Search here", icon: "search", run: () => navigate(searchPath(searchHere(channel))) },
    { label: "Copy link", icon: "link", run: () => void copyLink(channel.id) },
  ];
  if (isUnread) {
    items.unshift({ label: "Mark as read", icon: "check", run: () => attention.markRead(channel.id) });
  }
  if (channel.kind === "channel") {
    items.unshift({ label: "Bring people in", icon: "userPlus", run: () => openInvite(channel) });
  }
  if (mayChange)
    items.push(
      { label: "Edit channel", icon: "edit", run: () => openEditChannel(channel) },
      { label: "Rules", icon: "shield", run: () => openChannelRules(channel) },
    );
  items.push(...channelMenus.flatMap((offer) => offer(channel, state, onPane)));
  if (channel.kind === "channel") {
    items.push({ label: "Leave channel", icon: "leave", run: () => openLeaveChannel(channel) });
  }
  if (mayChange) {
    items.push({ label: "Delete channel", icon: "trash", danger: true, run: () => openDeleteChannel(channel) });
  }
  return (
    <Menu label="Channel menu" title="Channel menu" items={items}>
      <Icon name="more" />
    </Menu>
  );
}

/** A name with a space can't be named in a search. */
const searchHere = ({ kind, name }: JoinedChannel): string =>
  kind === "channel" && !name.includes(" ") ? `in:${name} ` : "";

async function copyLink(channelId: number): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.origin + channelPath(channelId));
    notify("Link to the channel copied");
  } catch {
    notify("Your browser doesn’t let this page copy.", true);
  }
}
