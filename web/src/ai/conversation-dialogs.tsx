/** Giving a conversation another name, and deleting it. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { navigate, route } from "../app/router";
import { useChalkline } from "../app/state";
import type { JoinedChannel } from "../state";
import { Button } from "../ui/button";
import { Confirm, DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";

export function RenameConversation({ channel }: { channel: JoinedChannel }) {
  const { channels } = useChalkline();
  const submission = useSubmission();
  const [name, setName] = useState(channel.name);
  const save = async () => {
    await channels.update(channel.id, { name: name.trim() });
    closeOverlay();
  };
  return (
    <Dialog title="Rename conversation" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={save} fields={["name"]}>
        <Field
          label="Name"
          value={name}
          maxLength={80}
          required
          autoFocus
          autoComplete="off"
          error={submission.wrong("name")}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="primary" busy={submission.busy} disabled={!name.trim()}>
            Rename
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

export function DeleteConversation({ channel }: { channel: JoinedChannel }) {
  const { channels } = useChalkline();
  const remove = async () => {
    await channels.remove(channel.id);
    const now = route.peek();
    if (now.view === "channel" && now.channelId === channel.id) navigate("/");
    notify("The conversation was deleted");
  };
  return (
    <Confirm
      title="Delete this conversation?"
      words={`“${channel.name}” goes with all of its questions and answers. There is no way back.`}
      action="Delete conversation"
      run={remove}
    />
  );
}
