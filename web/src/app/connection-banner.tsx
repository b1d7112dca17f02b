/** Says that the page isn't live, and when it tries again, or that there is a newer one. Nothing while all is well. */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { useChalkline } from "./state";

/** A reconnect that takes less than this isn't worth a word. */
const PATIENCE_MS = 1200;

export function ConnectionBanner() {
  const { connection, isOutdated } = useChalkline();
  const status = connection.status.value;
  const isAway = status === "reconnecting" || status === "offline" || status === "stopped";
  const isShown = useDelayed(isAway, status === "reconnecting" ? PATIENCE_MS : 0);
  const words = isShown ? bannerWords(status, connection.secondsLeft.value, connection.reason.value) : "";
  return (
    <div class="banner-place" role="status">
      {isShown && (
        <div class="banner">
          <Icon name="alert" />
          <span>{words}</span>
          {status !== "offline" && (
            <button type="button" class="banner-action" onClick={() => connection.retry()}>
              Try now
            </button>
          )}
        </div>
      )}
      {!isShown && isOutdated.value && <NewerPage />}
    </div>
  );
}

/** What is half written stays: drafts and unsent messages are kept. */
function NewerPage() {
  return (
    <div class="banner banner-calm">
      <span>There is a newer version of this page. Nothing you have written is lost.</span>
      <button type="button" class="banner-action" onClick={() => location.reload()}>
        Load it
      </button>
    </div>
  );
}

function bannerWords(status: string, seconds: number | null, reason: string): string {
  if (status === "offline") return "You are offline. What you write is kept, and sent when the network is back.";
  if (status === "stopped") return reason || "The connection was closed.";
  if (!seconds) return "Connecting…";
  return `The connection is lost. What you write is kept. Trying again in ${seconds} s.`;
}

function useDelayed(value: boolean, ms: number): boolean {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    if (!value) return setDue(false);
    const timer = setTimeout(() => setDue(true), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return value && isDue;
}
