import { useEffect, useState } from "preact/hooks";
import { openOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { SessionInfo } from "../protocol/wire";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { ago, fullTime } from "../ui/time";
import { faultWords } from "../words";
import { deviceName } from "./devices";

/** The places where one is signed in; a strange one can be ended at once. */
export function Sessions() {
  const { session } = useChalkline();
  const [list, setList] = useState<readonly SessionInfo[] | null>(null);
  const [wrong, setWrong] = useState("");
  const load = () =>
    session.list().then(setList, (error) => {
      setWrong(faultWords(asFault(error)));
    });
  useEffect(() => void load(), []);

  const endAll = () =>
    openOverlay(
      <Confirm
        title="Sign out everywhere?"
        words="All sessions end at once, this one too. You will have to sign in again."
        action="Sign out everywhere"
        run={() => session.revokeAll()}
      />,
    );
  return (
    <section>
      <p class="soft">You are signed in at these places. End what you don’t know, then change your password.</p>
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!list && !wrong && <Loading />}
      <ul class="rows">
        {list?.map((one) => (
          <li key={one.session_id}>
            <SessionRow one={one} onEnded={() => void load()} />
          </li>
        ))}
      </ul>
      <Button look="danger" icon="leave" onClick={endAll}>
        Sign out everywhere
      </Button>
    </section>
  );
}

function SessionRow({ one, onEnded }: { one: SessionInfo; onEnded: () => void }) {
  const { session } = useChalkline();
  const [busy, setBusy] = useState(false);
  const name = deviceName(one.user_agent);
  const end = async () => {
    setBusy(true);
    try {
      await session.revoke(one.session_id);
      notify(`${name} was signed out`);
      onEnded();
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="row">
      <Icon name="monitor" />
      <div class="row-text">
        <span class="row-title">
          {name} {one.current && <span class="badge">This one</span>}
        </span>
        <p class="row-note" title={fullTime(one.last_used_at)}>
          Last used {ago(one.last_used_at)} · signed in {ago(one.created_at)}
        </p>
      </div>
      {!one.current && (
        <Button busy={busy} aria-label={`End the session of ${name}`} onClick={() => void end()}>
          End
        </Button>
      )}
    </div>
  );
}
