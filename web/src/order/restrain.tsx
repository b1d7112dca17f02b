/** Muting and banning somebody, with a reason and an end. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { DialogActions } from "../ui/confirm";
import type { JoinedChannel, RestraintKind } from "../state";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Area, Select } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";
import { TERMS } from "./words";

interface RestrainProps {
  /** Null: the whole workspace, which one can only be banned from. */
  channel: JoinedChannel | null;
  userId: number;
  name: string;
  kind: RestraintKind;
  onDone?: () => void;
}

const USUAL_HOURS: Record<RestraintKind, number> = { mute: 24, ban: 0 };

export function Restrain({ channel, userId, name, kind, onDone }: RestrainProps) {
  const { order } = useChalkline();
  const submission = useSubmission();
  const [hours, setHours] = useState(USUAL_HOURS[kind]);
  const [reason, setReason] = useState("");
  const isMute = kind === "mute";
  const save = async () => {
    await order.restrain(kind, channel?.id ?? null, userId, { reason: reason.trim(), hours: hours || null });
    closeOverlay();
    notify(isMute ? `${name} is muted` : `${name} is banned`);
    onDone?.();
  };
  return (
    <Dialog title={`${isMute ? "Mute" : "Ban"} ${name}?`} onClose={closeOverlay}>
      <Form submission={submission} onSubmit={save} fields={["reason"]}>
        <p>{consequence(kind, channel)}</p>
        <Select
          label="For how long"
          value={String(hours)}
          onChange={(value) => setHours(Number(value))}
          options={TERMS.map((term) => ({ value: String(term.hours), label: term.label }))}
        />
        <Area
          label="Why"
          hint={`${name} is shown this, and so are other moderators. You can leave it out.`}
          value={reason}
          maxLength={500}
          rows={2}
          error={submission.wrong("reason")}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="danger" busy={submission.busy}>
            {isMute ? "Mute" : "Ban"}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

function consequence(kind: RestraintKind, channel: JoinedChannel | null): string {
  if (!channel) return "They are signed out everywhere at once, and can’t sign in.";
  if (kind === "ban") return `They are out of ${channel.name} at once, and can’t come back.`;
  return `They can read ${channel.name}, and not write, react or draw in it.`;
}
