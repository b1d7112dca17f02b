/** What stands before the very first message of a channel. */
import { useChalkline } from "../app/state";
import { Icon } from "../ui/icon";
import { dateOf } from "../ui/time";
import type { JoinedChannel } from "../state";
import { channelStarts } from "./features";

export function ChannelStart({ channel }: { channel: JoinedChannel }) {
  const state = useChalkline();
  const title = state.channels.title(channel);
  const Special = channelStarts.get(channel.kind);
  if (Special) return <Special channel={channel} />;
  if (channel.kind === "direct") {
    return (
      <div class="channel-start">
        <h2 dir="auto">{title}</h2>
        <p class="soft">This is where your conversation begins. Only the people in it see it.</p>
      </div>
    );
  }
  return (
    <div class="channel-start">
      <span class="empty-icon">
        <Icon name={channel.visibility === "private" ? "lock" : "hash"} />
      </span>
      <h2 dir="auto">{title}</h2>
      <p class="soft">
        {channel.visibility === "private" ? "A private channel" : "A channel for everybody"}, made on{" "}
        {dateOf(channel.created_at)} by <bdi>{state.users.name(channel.creator_id)}</bdi>.
      </p>
      {channel.description && <p dir="auto">{channel.description}</p>}
    </div>
  );
}
