import { openOverlay } from "../app/overlays";
import { channelPath } from "../app/router";
import { useChalkline } from "../app/state";
import { EditChannel } from "../chat/channel-dialogs";
import type { Channel } from "../protocol/wire";
import { Confirm } from "../ui/confirm";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu } from "../ui/menu";
import { Paged } from "../ui/paged";
import { dateOf } from "../ui/time";
import { count } from "../words";

export function Channels() {
  const { admin } = useChalkline();
  return (
    <Paged
      label="Find channels"
      load={admin.channels}
      idOf={(channel) => channel.id}
      row={(channel, replace) => <ChannelRow channel={channel} onGone={() => replace(null)} />}
      none={<p class="soft">No channel has this name.</p>}
    />
  );
}

function ChannelRow({ channel, onGone }: { channel: Channel; onGone: () => void }) {
  const { channels } = useChalkline();
  const title = channels.title(channel);
  const remove = (
    <Confirm
      title={`Delete ${title}?`}
      words="All of its messages go with it, for everybody. There is no way back."
      action="Delete channel"
      run={async () => {
        await channels.remove(channel.id);
        onGone();
        notify(`${title} was deleted`);
      }}
    />
  );
  return (
    <div class="row">
      <Icon name={channel.visibility === "private" ? "lock" : channel.kind === "direct" ? "users" : "hash"} />
      <div class="row-text">
        <a class="row-title" href={channelPath(channel.id)} dir="auto">
          {title}
        </a>
        <p class="row-note">
          {count(channel.member_count, "member")} · since {dateOf(channel.created_at)}
          {channel.has_password && " · with a password"}
        </p>
      </div>
      {channel.kind === "channel" && (
        <Menu
          label={`What to do about ${title}`}
          items={[
            { label: "Edit", icon: "edit", run: () => openOverlay(<EditChannel channel={channel} />) },
            { label: "Delete", icon: "trash", danger: true, run: () => openOverlay(remove) },
          ]}
        >
          <Icon name="more" />
        </Menu>
      )}
    </div>
  );
}
