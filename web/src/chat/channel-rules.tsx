/** How people talk in a channel: who writes, how often, and whether it goes on at all. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import type { Channel, ChannelRole } from "../protocol/wire";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Choice, Select } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";
import { inWords } from "./composer-state";

const PAUSES = [0, 5, 10, 30, 60, 300, 900, 3600, 21_600];

export function ChannelRules({ channel }: { channel: Channel }) {
  const { channels } = useChalkline();
  const submission = useSubmission();
  const [role, setRole] = useState<ChannelRole>(channel.post_role ?? "member");
  const [slow, setSlow] = useState(channel.slow_seconds ?? 0);
  const [isArchived, setArchived] = useState(Boolean(channel.archived_at));
  const save = async () => {
    const wasArchived = Boolean(channel.archived_at);
    await channels.update(channel.id, {
      ...(role === (channel.post_role ?? "member") ? {} : { post_role: role }),
      ...(slow === (channel.slow_seconds ?? 0) ? {} : { slow_seconds: slow }),
      ...(isArchived === wasArchived ? {} : { archived: isArchived }),
    });
    closeOverlay();
    notify("Channel saved");
  };
  const pauses = PAUSES.includes(slow) ? PAUSES : [...PAUSES, slow].sort((a, b) => a - b);
  return (
    <Dialog title="Rules of the channel" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={save}>
        <Choice
          label="Who may write?"
          value={role}
          onChange={setRole}
          options={[
            { value: "member", label: "Every member" },
            { value: "moderator", label: "Moderators and owners", hint: "Others read and react" },
            { value: "owner", label: "Owners only" },
          ]}
        />
        <Select
          label="Slow mode"
          hint="How long a member waits between two messages. Moderators don’t."
          value={String(slow)}
          onChange={(value) => setSlow(Number(value))}
          options={pauses.map((seconds) => ({
            value: String(seconds),
            label: seconds ? `One message every ${inWords(seconds)}` : "Off",
          }))}
        />
        <label class="check">
          <input type="checkbox" checked={isArchived} onChange={(event) => setArchived(event.currentTarget.checked)} />
          Archived: it can be read, and nothing changes in it
        </label>
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="primary" busy={submission.busy}>
            Save
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
