/** How much of a channel calls for one. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import type { JoinedChannel, Level } from "../state";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Choice } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";

export function ChannelLevel({ channel }: { channel: JoinedChannel }) {
  const { attention } = useChalkline();
  const submission = useSubmission();
  const [level, setLevel] = useState<Level>(attention.levelOf(channel));
  const usual = channel.kind === "direct" ? "all" : "mentions";
  const save = async () => {
    await attention.setLevel(channel.id, level === usual ? null : level);
    closeOverlay();
    notify("Saved, for all your devices");
  };
  return (
    <Dialog title="Notifications" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={save}>
        <Choice
          label="Tell me of"
          value={level}
          onChange={setLevel}
          options={[
            { value: "all", label: "Every message" },
            { value: "mentions", label: "Mentions", hint: "Of you, of @channel, of @here, and of threads you follow" },
            { value: "none", label: "Nothing", hint: "It stays in the list, and doesn’t call for you" },
          ]}
        />
        <p class="soft">
          Whether this browser shows them, and when it is quiet: <a href="/account/notifications">your account</a>.
        </p>
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
