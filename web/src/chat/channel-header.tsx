/** The name of a channel, what it is about, and what can be done with it. */
import { openDrawer } from "../app/drawer";
import { openOverlay } from "../app/overlays";
import { channelPath } from "../app/router";
import { useChalkline } from "../app/state";
import type { JoinedChannel } from "../state";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu, type MenuItem } from "../ui/menu";
import { DeleteChannel, EditChannel, LeaveChannel } from "./channel-dialogs";
import { sidePanes } from "./features";
import { Invite } from "./invite";

interface ChannelHeaderProps {
  channel: JoinedChannel;
  pane: string | null;
  onPane: (pane: string | null) => void;
}

export function ChannelHeader({ channel, pane, onPane }: ChannelHeaderProps) {
  const { channels } = useChalkline();
  return (
    <header class="view-header">
      <IconButton icon="menu" label="Show channels" class="only-narrow" onClick={openDrawer} />
      <h1 class="view-title">
        {channel.kind === "channel" && <Icon name={channel.visibility === "private" ? "lock" : "hash"} />}
        <span dir="auto">{channels.title(channel)}</span>
      </h1>
      {channel.description && (
        <p class="view-about" dir="auto" title={channel.description}>
          {channel.description.split("\n")[0]}
        </p>
      )}
      <div class="view-actions">
        {sidePanes.map((side) => (
          <button
            key={side.id}
            type="button"
            class="pane-button"
            aria-pressed={pane === side.id}
            aria-label={`${side.title}: ${side.label(channel)}`}
            title={side.title}
            onClick={() => onPane(pane === side.id ? null : side.id)}
          >
            <Icon name={side.icon} />
            <span>{side.label(channel)}</span>
          </button>
        ))}
        <ChannelMenu channel={channel} />
      </div>
    </header>
  );
}

function ChannelMenu({ channel }: { channel: JoinedChannel }) {
  const { session } = useChalkline();
  const isAdmin = session.me.value?.role === "admin";
  const mayChange = channel.kind === "channel" && (channel.membership.role === "owner" || isAdmin);
  const items: MenuItem[] = [{ label: "Copy link", icon: "link", run: () => void copyLink(channel.id) }];
  if (channel.kind === "channel") {
    items.unshift({ label: "Bring people in", icon: "userPlus", run: () => openOverlay(<Invite channel={channel} />) });
  }
  if (mayChange)
    items.push({ label: "Edit channel", icon: "edit", run: () => openOverlay(<EditChannel channel={channel} />) });
  if (channel.kind === "channel") {
    items.push({ label: "Leave channel", icon: "leave", run: () => openOverlay(<LeaveChannel channel={channel} />) });
  }
  if (mayChange) {
    const run = () => openOverlay(<DeleteChannel channel={channel} />);
    items.push({ label: "Delete channel", icon: "trash", danger: true, run });
  }
  return (
    <Menu label="Channel menu" title="Channel menu" items={items}>
      <Icon name="more" />
    </Menu>
  );
}

async function copyLink(channelId: number): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.origin + channelPath(channelId));
    notify("Link to the channel copied");
  } catch {
    notify("Your browser doesn’t let this page copy.", true);
  }
}
