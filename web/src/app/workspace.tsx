/** What somebody who is signed in sees: the channels beside one view. On narrow screens the channels are a drawer. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { ChannelScreen } from "../chat/channel-screen";
import { Home } from "../chat/home";
import { Sidebar } from "../chat/sidebar";
import { useNotifications } from "../notify/notify";
import { useClosingOfRead } from "../notify/read";
import { Empty } from "../ui/empty";
import { closePopup } from "../ui/popup";
import { ConnectionBanner } from "./connection-banner";
import { closeDrawer, isDrawerOpen } from "./drawer";
import { Later } from "./later";
import { closeOverlay } from "./overlays";
import { navigate, route } from "./router";
import { useWorkspaceShortcuts } from "./workspace-shortcuts";

export function Workspace() {
  useWorkspaceShortcuts();
  useNotifications();
  useClosingOfRead();
  useSignalEffect(() => {
    void route.value;
    closeDrawer();
    closeOverlay();
    closePopup();
  });
  return (
    <div class="workspace">
      <a class="skip-link" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <Sidebar />
      {isDrawerOpen.value && <div class="drawer-shade" onClick={closeDrawer} />}
      <div class="stage" inert={isDrawerOpen.value}>
        <ConnectionBanner />
        <main id="main" tabIndex={-1}>
          <View />
        </main>
      </div>
    </div>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

const browse = () => import("../chat/browse").then((module) => module.Browse);
const account = () => import("../account/account").then((module) => module.Account);
const admin = () => import("../admin/admin").then((module) => module.Admin);

const search = () => import("../search/search").then((module) => module.SearchView);
const threads = () => import("../threads/threads").then((module) => module.ThreadsView);
const sketch = () => import("../sketch/sketch-screen").then((module) => module.SketchScreen);
const webhooks = () => import("../programs/webhooks").then((module) => module.Webhooks);

function View() {
  const now = route.value;
  switch (now.view) {
    case "channel":
      return <ChannelScreen key={now.channelId} channelId={now.channelId} />;
    case "sketch":
      return <Later key={now.sketchId} load={sketch} props={{ channelId: now.channelId, sketchId: now.sketchId }} />;
    case "webhooks":
      return <Later key={now.channelId} load={webhooks} props={{ channelId: now.channelId }} />;
    case "browse":
      return <Later load={browse} props={{}} />;
    case "threads":
      return <Later load={threads} props={{}} />;
    case "search":
      return <Later load={search} props={{ q: now.q }} />;
    case "account":
      return <Later load={account} props={{ tab: now.tab }} />;
    case "admin":
      return <Later load={admin} props={{ tab: now.tab }} />;
    case "unknown":
      return (
        <Empty icon="compass" title="There is no such page">
          <p>The address may be mistyped, or what was here is gone.</p>
          <a class="button button-primary" href="/">
            To your channels
          </a>
        </Empty>
      );
    case "sign-in":
    case "sign-up":
      return <Away />;
    default:
      return <Home />;
  }
}

/** Who is signed in has nothing to do at the door. */
function Away() {
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    if (!isGone) navigate("/", "replace");
    setGone(true);
  }, []);
  return null;
}
