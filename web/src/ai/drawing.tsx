/** At a sketch: the way to ask the assistant, and its answer beside the board while it draws. */
import { signal, useComputed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { route } from "../app/router";
import { useChalkline } from "../app/state";
import type { Sketch } from "../protocol/wire";
import type { ChannelView } from "../state";
import { IconButton } from "../ui/button";
import { Loading } from "../ui/empty";
import { useAnswerAnnouncements } from "./announcing";
import { Answer } from "./answer";
import { isThere } from "./asking";
import { openDraw } from "./dialogs";

/** The answer that is shown over a sketch. */
export const drawing = signal<{ sketchId: number; channelId: number; runId: number } | null>(null);

export function DrawButton({ sketch }: { sketch: Sketch }) {
  const state = useChalkline();
  if (!isThere(state)) return null;
  return <IconButton icon="sparkles" label="Ask the assistant about this sketch" onClick={() => openDraw(sketch)} />;
}

export function DrawPanel({ sketch }: { sketch: Sketch }) {
  const now = drawing.value;
  if (now?.sketchId !== sketch.id) return null;
  return <Panel key={now.runId} channelId={now.channelId} runId={now.runId} />;
}

/** Who goes back to the channel reads on in the same view. */
function leave(view: ChannelView): void {
  const now = route.peek();
  if (now.view !== "channel" || now.channelId !== view.channelId) view.close();
}

function Panel({ channelId, runId }: { channelId: number; runId: number }) {
  const state = useChalkline();
  const view = useMemo(() => state.view(channelId), [channelId]);
  useEffect(() => () => leave(view), [view]);
  useAnswerAnnouncements(view);
  const message = useComputed(
    () => view.rows.value.findLast((row) => row.message?.ai?.run_id === runId)?.message ?? null,
  ).value;
  return (
    <section class="draw-panel" aria-label="The assistant’s answer">
      <header>
        <h2>Assistant</h2>
        <IconButton icon="x" label="Close the answer" onClick={() => (drawing.value = null)} />
      </header>
      {message ? <Answer message={message} state={state} /> : <Loading label="Waiting for the answer" />}
    </section>
  );
}
