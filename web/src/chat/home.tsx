/** The address without a channel: leads to where one was last, or to a first channel. */
import { useEffect } from "preact/hooks";
import { openDrawer } from "../app/drawer";
import { channelPath, navigate } from "../app/router";
import { useChalkline } from "../app/state";
import { Button, IconButton } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { APP } from "../words";
import { openCreateChannel } from "./windows";
import { lastChannel } from "./last-channel";

export function Home() {
  const { channels, session } = useChalkline();
  const isReady = channels.isReady.value;
  const joined = channels.joined.value;
  const goal = joined.find((channel) => channel.id === lastChannel()) ?? joined[0];
  useEffect(() => {
    if (isReady && goal) navigate(channelPath(goal.id), "replace");
  }, [isReady, goal?.id]);
  if (!isReady || goal) return <Loading />;
  return (
    <>
      <header class="view-header only-narrow">
        <IconButton icon="menu" label="Show channels" onClick={openDrawer} />
        <h1 class="view-title">{APP}</h1>
      </header>
      <Empty icon="message" title={`Welcome, ${session.me.value?.display_name ?? ""}`}>
        <p>People talk in channels here. Join one that is there, or make one of your own.</p>
        <div class="empty-actions">
          <a class="button button-primary" href="/browse">
            Browse channels
          </a>
          <Button onClick={openCreateChannel}>New channel</Button>
        </div>
      </Empty>
    </>
  );
}
