/** The frame around the views: who is signed in sees the sidebar and a view, everybody else the door. */
import { useEffect, useLayoutEffect } from "preact/hooks";
import { Door } from "../account/door";
import { Live } from "../ui/live";
import { Loading } from "../ui/empty";
import { ConnectionBanner } from "./connection-banner";
import { Overlays } from "./overlays";
import { useChalkline } from "./state";
import { useTitle } from "./title";
import { Workspace } from "./workspace";

export function Shell() {
  const { session } = useChalkline();
  const status = session.status.value;
  useTitle();
  useEffect(() => keepHeight(), []);
  useLayoutEffect(() => {
    document.documentElement.dataset["session"] = status;
  }, [status]);
  return (
    <>
      {status === "starting" && (
        <div class="starting">
          <ConnectionBanner />
          <Loading label="Chalkline is starting" />
        </div>
      )}
      {status === "signed_out" && <Door />}
      {status === "signed_in" && <Workspace />}
      <Overlays />
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
