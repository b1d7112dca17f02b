/** Who is muted or banned, until when and why; and lifting it. */
import { useCallback } from "preact/hooks";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Restraint } from "../protocol/wire";
import type { RestraintKind } from "../state";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { notify } from "../ui/live";
import { Pages } from "../ui/pages";
import { fullTime } from "../ui/time";
import { faultWords } from "../words";
import { isForGood, lasting } from "./words";

interface RestraintsProps {
  channelId: number | null;
  kind: RestraintKind;
  /** Loads again when it changes. */
  mark?: number;
}

export function Restraints({ channelId, kind, mark = 0 }: RestraintsProps) {
  const { order } = useChalkline();
  const load = useCallback(
    (cursor: string | null) => order.restrained(kind, channelId, cursor),
    [order, kind, channelId, mark],
  );
  return (
    <Pages
      label={kind === "ban" ? "Banned" : "Muted"}
      load={load}
      idOf={(one) => one.user_id}
      row={(one, replace) => <Row one={one} channelId={channelId} kind={kind} onLifted={() => replace(null)} />}
      none={<p class="soft pages-none">{kind === "ban" ? "Nobody is banned." : "Nobody is muted."}</p>}
    />
  );
}

interface RowProps {
  one: Restraint;
  channelId: number | null;
  kind: RestraintKind;
  onLifted: () => void;
}

function Row({ one, channelId, kind, onLifted }: RowProps) {
  const { order, users } = useChalkline();
  const name = users.name(one.user_id);
  const lift = async () => {
    try {
      await order.release(kind, channelId, one.user_id);
      notify(kind === "ban" ? `${name} may come in again` : `${name} may write again`);
      onLifted();
    } catch (error) {
      const fault = asFault(error);
      // It ended meanwhile, or somebody else lifted it.
      if (fault.code === "not_found") onLifted();
      else notify(faultWords(fault), true);
    }
  };
  return (
    <div class="row restraint">
      <Avatar id={one.user_id} name={name} size="small" />
      <div class="row-text">
        <span class="row-title" dir="auto">
          {name}
        </span>
        <p class="row-note" title={isForGood(one.until) ? undefined : fullTime(one.until)}>
          {lasting(one.until)} · by <bdi>{users.name(one.created_by)}</bdi>
        </p>
        {one.reason && (
          <p class="restraint-why" dir="auto">
            {one.reason}
          </p>
        )}
      </div>
      <Button aria-label={`Lift the ${kind} of ${name}`} onClick={() => void lift()}>
        Lift
      </Button>
    </div>
  );
}
