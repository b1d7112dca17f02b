/** The frame around the views: who is signed in sees the sidebar and a view, everybody else the door. */
import { useEffect, useLayoutEffect } from "preact/hooks";
import { Live } from "../ui/live";
import { Loading } from "../ui/empty";
import { Popups } from "../ui/popup";
import { ConnectionBanner } from "./connection-banner";
import { Later } from "./later";
import { Overlays } from "./overlays";
import { route } from "./router";
import { useChalkline } from "./state";
import { useTitle } from "./title";
import { Workspace } from "./workspace";

const door = () => import("../account/door").then((module) => module.Door);

/** Whoever has a link needs no session. */
const shared = () => import("../sketch/shared-screen").then((module) => module.SharedScreen);

export function Shell() {
  const { session } = useChalkline();
  const status = session.status.value;
  const now = route.value;
  useTitle();
  useEffect(() => keepHeight(), []);
  useLayoutEffect(() => {
    document.documentElement.dataset["session"] = status;
  }, [status]);
  if (now.view === "shared") {
    return (
      <>
        <Later load={shared} props={{ sketchId: now.sketchId, token: now.token }} />
        <Overlays />
        <Live />
      </>
    );
  }
  return (
    <>
      {status === "starting" && (
        <div class="starting">
          <ConnectionBanner />
          <Loading label="Chalkline is starting" />
        </div>
      )}
      {status === "signed_out" && <Later load={door} props={{}} />}
      {status === "signed_in" && <Workspace />}
      <Overlays />
      <Popups />
      <Live />
    </>
  );
}

/** The page is as high as what the keyboard of a phone leaves of the screen. */
function keepHeight(): () => void {
  const viewport = globalThis.visualViewport;
  if (!viewport) return () => {};
  const fit = () => {
    const isZoomed = viewport.scale > 1.01;
    document.documentElement.style.setProperty("--height", isZoomed ? "100dvh" : `${viewport.height}px`);
  };
  viewport.addEventListener("resize", fit);
  fit();
  return () => viewport.removeEventListener("resize", fit);
}
