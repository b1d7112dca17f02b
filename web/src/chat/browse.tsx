/** All channels that one can see, to join them. */
import { useMemo, useState } from "preact/hooks";
import { openDrawer } from "../app/drawer";
import { openOverlay } from "../app/overlays";
import { channelPath, navigate } from "../app/router";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Channel } from "../protocol/wire";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Page } from "../ui/page";
import { Paged } from "../ui/paged";
import { count, faultWords } from "../words";
import { CreateChannel } from "./channel-dialogs";

export function Browse() {
  const { channels } = useChalkline();
  const load = useMemo(
    () => async (query: { q?: string; cursor?: string | null }) => {
      const page = await channels.browse(query);
      return { ...page, items: page.items.filter((channel) => channel.kind === "channel") };
    },
    [channels],
  );
  const create = (
    <Button look="primary" icon="plus" onClick={() => openOverlay(<CreateChannel />)}>
      New channel
    </Button>
  );
  return (
    <Page title="Browse channels" onMenu={openDrawer} actions={create}>
      <Paged
        label="Find a channel"
        load={load}
        idOf={(channel) => channel.id}
        row={(channel) => <ChannelRow channel={channel} />}
        none={<p class="soft">No channel has this name. You could make it.</p>}
      />
    </Page>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const { channels } = useChalkline();
  const [busy, setBusy] = useState(false);
  const isIn = channels.get(channel.id).value !== undefined;
  const join = async () => {
    if (channel.has_password) return navigate(channelPath(channel.id));
    setBusy(true);
    try {
      await channels.join(channel.id);
      navigate(channelPath(channel.id));
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="row">
      <Icon name={channel.visibility === "private" || channel.has_password ? "lock" : "hash"} />
      <div class="row-text">
        <a class="row-title" href={channelPath(channel.id)} dir="auto">
          {channel.name}
        </a>
        <p class="soft" dir="auto">
          {channel.description.split("\n")[0]}
        </p>
        <p class="row-note">
          {count(channel.member_count, "member")}
          {channel.has_password && " · opens with a password"}
          {channel.visibility === "private" && " · private"}
        </p>
      </div>
      {isIn ? (
        <a class="button button-plain" href={channelPath(channel.id)}>
          Open
        </a>
      ) : (
        <Button look="primary" busy={busy} aria-label={`Join ${channel.name}`} onClick={() => void join()}>
          Join
        </Button>
      )}
    </div>
  );
}
