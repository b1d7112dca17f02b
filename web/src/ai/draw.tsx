/** What the assistant should draw on a sketch: asked in the sketch's channel, where everybody sees it. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { sketchPath } from "../app/router";
import { useChalkline } from "../app/state";
import type { Sketch } from "../protocol/wire";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Area } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { drawing } from "./drawing";
import { aiWords } from "./words";

export function Draw({ sketch }: { sketch: Sketch }) {
  const state = useChalkline();
  const submission = useSubmission();
  const [what, setWhat] = useState("Draw ");
  const [clientId] = useState(() => state.ai.clientId());
  const channel = state.channels.get(sketch.channel_id).value;
  const draw = async () => {
    const runId = await state.ai.ask({
      channel_id: sketch.channel_id,
      client_id: clientId,
      text: drawWords(sketch, what.trim(), location.origin),
    });
    drawing.value = { sketchId: sketch.id, channelId: sketch.channel_id, runId };
    closeOverlay();
  };
  return (
    <Dialog title="Ask the assistant" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={draw} fields={[]} words={(fault) => aiWords(fault, state)}>
        <Area
          label="What should it draw, or look at?"
          hint={`It sees this sketch. You and everybody in ${channel ? state.channels.title(channel) : "the channel"} see the answer, and you can undo what it draws.`}
          placeholder="Draw how an order becomes a parcel"
          rows={3}
          maxLength={7000}
          required
          autoFocus
          value={what}
          onInput={(event) => setWhat(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            icon="sparkles"
            busy={submission.busy}
            disabled={!what.trim() || what.trim() === "Draw"}
          >
            Ask
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

/** The sketch by its link, which leads people there and tells the model its number. */
export function drawWords({ channel_id, id, title }: Sketch, what: string, origin: string): string {
  const name = title.replace(/[[\]\\]/g, " ");
  return `On sketch ${id}, [${name}](${origin}${sketchPath(channel_id, id)}): ${what}`;
}
