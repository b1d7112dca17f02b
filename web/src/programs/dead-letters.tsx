/** What an outgoing webhook’s target did not take: to be sent once more, or to be forgotten. */
import { useCallback, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { channelPath } from "../app/router";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { DeadLetter, OutgoingHook } from "../protocol/wire";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { announce } from "../ui/live";
import { Pages } from "../ui/pages";
import { ago, fullTime } from "../ui/time";
import { count, faultWords } from "../words";

interface DeadLettersProps {
  hook: OutgoingHook;
  onChanged: () => void;
}

export function DeadLetters({ hook, onChanged }: DeadLettersProps) {
  const { programs } = useChalkline();
  const load = useCallback((cursor: string | null) => programs.dead(hook, cursor), [programs, hook]);
  return (
    <Dialog title={`What ${hook.name} did not take`} size="wide" onClose={closeOverlay}>
      <Pages
        label="Not taken"
        load={load}
        idOf={(letter) => letter.seq}
        row={(letter, replace) => (
          <Letter
            hook={hook}
            letter={letter}
            onGone={() => {
              replace(null);
              onChanged();
            }}
          />
        )}
        none={
          <Empty icon="check" title="Everything was taken">
            <p>What its target refuses eight times stands here.</p>
          </Empty>
        }
      />
    </Dialog>
  );
}

function Letter({ hook, letter, onGone }: { hook: OutgoingHook; letter: DeadLetter; onGone: () => void }) {
  const { programs } = useChalkline();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const attempt = async (action: Promise<void>, done: string) => {
    setBusy(true);
    setWrong("");
    try {
      await action;
      announce(done);
      onGone();
    } catch (error) {
      const fault = asFault(error);
      // Somebody else was quicker.
      if (fault.code === "not_found") onGone();
      else setWrong(faultWords(fault));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="row letter">
      <div class="row-text">
        <a class="row-title" href={channelPath(hook.channel_id, letter.seq)} onClick={closeOverlay}>
          Event {letter.seq}
        </a>
        <p class="row-note" title={fullTime(letter.died_at)}>
          {count(letter.attempts, "try", "tries")}, the last one {ago(letter.died_at)}
        </p>
        <p class="row-note" dir="auto">
          {letter.error}
        </p>
        <p class="field-error" role="alert">
          {wrong}
        </p>
      </div>
      <div class="letter-actions">
        <Button busy={busy} onClick={() => void attempt(programs.redeliver(hook, letter.seq), "Taken")}>
          Send again
        </Button>
        <Button look="quiet" onClick={() => void attempt(programs.discard(hook, letter.seq), "Discarded")}>
          Discard
        </Button>
      </div>
    </div>
  );
}
