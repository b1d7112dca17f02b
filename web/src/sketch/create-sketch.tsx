/** Beginning a sketch. Apart from the other dialogs, since the chat offers it before any sketch is opened. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { navigate, sketchPath } from "../app/router";
import { useChalkline } from "../app/state";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";

interface TitleFormProps {
  heading: string;
  action: string;
  start: string;
  save: (title: string) => Promise<void>;
}

export function TitleForm({ heading, action, start, save }: TitleFormProps) {
  const submission = useSubmission();
  const [title, setTitle] = useState(start);
  return (
    <Dialog title={heading} onClose={closeOverlay}>
      <Form submission={submission} onSubmit={() => save(title.trim())} fields={["title"]}>
        <Field
          label="Title"
          value={title}
          maxLength={80}
          autoFocus
          required
          autoComplete="off"
          error={submission.wrong("title")}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="primary" busy={submission.busy} disabled={!title.trim()}>
            {action}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

export function CreateSketch({ channelId }: { channelId: number }) {
  const { sketches } = useChalkline();
  const save = async (title: string) => {
    const sketch = await sketches.create(channelId, title);
    closeOverlay();
    navigate(sketchPath(channelId, sketch.id));
  };
  return <TitleForm heading="New sketch" action="Begin to draw" start="" save={save} />;
}
