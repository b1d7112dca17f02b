/** The webhooks of a channel: programs that post here by a URL, and URLs that are told what happens here. */
import { openDrawer } from "../app/drawer";
import { channelPath } from "../app/router";
import { useChalkline } from "../app/state";
import { useSteadyChannel } from "../chat/steady";
import { keepsOrder } from "../order/rights";
import { Empty, Loading } from "../ui/empty";
import { Page } from "../ui/page";
import { IncomingHooks } from "./incoming";
import { OutgoingHooks } from "./outgoing";

export function Webhooks({ channelId }: { channelId: number }) {
  const state = useChalkline();
  const channel = useSteadyChannel(channelId);
  if (!channel && !state.channels.isReady.value) return <Loading />;
  const title = channel ? `Webhooks of #${state.channels.title(channel)}` : "Webhooks";
  const back = (
    <a class="button button-quiet" href={channelPath(channelId)}>
      To the channel
    </a>
  );
  return (
    <Page title={title} onMenu={openDrawer} actions={back}>
      {channel && keepsOrder(channel, state) ? (
        <>
          <IncomingHooks channelId={channelId} />
          <OutgoingHooks channelId={channelId} />
        </>
      ) : (
        <Empty icon="shield" title="This is for the channel’s moderators">
          <p>Ask an owner or a moderator of the channel if you need something from here.</p>
        </Empty>
      )}
    </Page>
  );
}
