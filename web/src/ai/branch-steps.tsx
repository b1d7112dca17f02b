/** Where a conversation branches: which of them this is, and the way to the others. */
import { useComputed } from "@preact/signals";
import { route } from "../app/router";
import type { BodyProps } from "../chat/features";
import type { Message } from "../protocol/wire";
import type { State } from "../state";
import { IconButton } from "../ui/button";
import { announce } from "../ui/live";
import { beside, choose } from "./branching";

/** Answers have theirs at their foot. */
export function QuestionSteps(props: BodyProps) {
  return props.message.ai ? null : <BranchSteps {...props} />;
}

export function BranchSteps({ message, state }: BodyProps) {
  const now = route.value;
  const isOpen = now.view === "channel" && now.channelId === message.channel_id;
  const kind = state.channels.get(message.channel_id).value?.kind;
  return isOpen && kind === "ai" ? <Steps key={message.seq} message={message} state={state} /> : null;
}

function Steps({ message, state }: { message: Message; state: State }) {
  const view = state.view(message.channel_id);
  // As a text, so that it changes only where it does.
  const all = useComputed(() => beside(message, view.rows.value).join(" ")).value;
  const seqs = all.split(" ").map(Number);
  if (seqs.length < 2) return null;
  const at = seqs.indexOf(message.seq);
  const noun = message.ai ? "answer" : "question";
  const go = (to: number) => {
    choose(message, seqs[to]!);
    announce(`${noun} ${to + 1} of ${seqs.length}`);
    requestAnimationFrame(() => focusSteps(seqs[to]!, to < at ? "before" : "after"));
  };
  return (
    <div class="branch-steps" role="group" aria-label={`Other ${noun}s`}>
      <IconButton
        icon="left"
        data-step="before"
        label={`The ${noun} before`}
        disabled={at <= 0}
        onClick={() => go(at - 1)}
      />
      <span>
        {at + 1} / {seqs.length}
      </span>
      <IconButton
        icon="right"
        data-step="after"
        label={`The next ${noun}`}
        disabled={at >= seqs.length - 1}
        onClick={() => go(at + 1)}
      />
    </div>
  );
}

/** The row that was left is gone; whoever steps on finds the same button in the one that came. */
function focusSteps(seq: number, side: string): void {
  const steps = document.querySelector(`article[data-seq="${seq}"] .branch-steps`);
  const buttons = [...(steps?.querySelectorAll<HTMLButtonElement>("button:not(:disabled)") ?? [])];
  (buttons.find((button) => button.dataset["step"] === side) ?? buttons[0])?.focus({ preventScroll: true });
}
