/** Asking before something is done, and the buttons at the end of a window. */
import type { ComponentChildren } from "preact";
import { closeOverlay } from "../app/overlays";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Form, useSubmission } from "./form";

interface ConfirmProps {
  title: string;
  words: string;
  action: string;
  run: () => Promise<void>;
}

/** Asks before what can't be undone, with the action's own name on the button. */
export function Confirm({ title, words, action, run }: ConfirmProps) {
  const submission = useSubmission();
  const submit = async () => {
    await run();
    closeOverlay();
  };
  return (
    <Dialog title={title} onClose={closeOverlay}>
      <Form submission={submission} onSubmit={submit}>
        <p>{words}</p>
        <DialogActions>
          <Button onClick={closeOverlay} autoFocus>
            Cancel
          </Button>
          <Button type="submit" look="danger" busy={submission.busy}>
            {action}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

export function DialogActions({ children }: { children: ComponentChildren }) {
  return <div class="dialog-actions">{children}</div>;
}
