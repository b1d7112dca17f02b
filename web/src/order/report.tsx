/** Telling a channel's moderators of a message. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { authorName } from "../chat/author";
import { DialogActions } from "../ui/confirm";
import { said } from "../files/said";
import type { Message, Report } from "../protocol/wire";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Area, Choice } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";
import { REASONS } from "./words";

const HINTS: Partial<Record<Report["reason"], string>> = {
  spam: "Advertising, or the same again and again",
  abuse: "It insults, threatens or exposes somebody",
};
const OPTIONS = (Object.keys(REASONS) as Report["reason"][]).map((value) => {
  const hint = HINTS[value];
  return { value, label: REASONS[value], ...(hint ? { hint } : {}) };
});

export function ReportMessage({ message }: { message: Message }) {
  const state = useChalkline();
  const submission = useSubmission();
  const [reason, setReason] = useState<Report["reason"]>("spam");
  const [note, setNote] = useState("");
  const report = async () => {
    await state.order.report(message.channel_id, message.seq, { reason, note: note.trim() });
    closeOverlay();
    notify("The channel’s moderators were told");
  };
  return (
    <Dialog title="Report this message" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={report} fields={["note"]}>
        <blockquote class="quoted">
          <strong dir="auto">{authorName(state, message)}</strong>
          <span dir="auto">{said(message)}</span>
        </blockquote>
        <Choice label="What is wrong with it?" value={reason} onChange={setReason} options={OPTIONS} />
        <Area
          label="What should the moderators know?"
          hint="You can leave this out. They see that you reported it; its author doesn’t."
          value={note}
          maxLength={500}
          rows={2}
          error={submission.wrong("note")}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="primary" busy={submission.busy}>
            Report
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
