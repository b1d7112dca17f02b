/** What came of a command: above the field it was written in, for whoever wrote it alone. */
import { useEffect } from "preact/hooks";
import { useChalkline } from "../app/state";
import { Markdown } from "../chat/markdown/render";
import type { Fault } from "../protocol/faults";
import type { JoinedChannel } from "../state";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { faultWords } from "../words";
import { commandOf, dismiss, runningIn } from "./running";

interface CommandNoteProps {
  channel: JoinedChannel;
  thread: number | null;
}

export function CommandNote({ channel, thread }: CommandNoteProps) {
  const state = useChalkline();
  const running = runningIn(channel.id, thread);
  const name = running.name.value;
  const answer = running.answer.value;
  const refusal = running.refusal.value;
  useEffect(() => () => dismiss(running), [running]);
  if (name) {
    return (
      <p class="command-note is-busy" role="status">
        <span class="spinner" aria-hidden="true" /> Running /{name}…
      </p>
    );
  }
  if (refusal) {
    const isWritten = commandOf(state.draft(channel.id, thread).value.trim()) === refusal.name;
    const post = () => {
      dismiss(running);
      refusal.post();
    };
    return (
      <div class="command-note is-refused" role="alert">
        <p dir="auto">
          <Icon name="alert" /> {refusalWords(refusal.fault)}
        </p>
        {isWritten && refusal.fault.code === "not_found" && (
          <button type="button" class="link-button" onClick={post}>
            Send it as a message
          </button>
        )}
        <IconButton icon="x" label="Dismiss" onClick={() => dismiss(running)} />
      </div>
    );
  }
  if (!answer) return null;
  return (
    <div class="command-note" role="status">
      <div class="command-answer">
        <p class="soft">Only you see this</p>
        <Markdown text={answer} />
      </div>
      <IconButton icon="x" label="Dismiss" onClick={() => dismiss(running)} />
    </div>
  );
}

const PLAIN: ReadonlySet<string> = new Set(["not_found", "invalid", "conflict", "forbidden", "target_failed"]);

/** Of these the server says it best. */
const refusalWords = (fault: Fault): string =>
  PLAIN.has(fault.code) && fault.detail ? fault.detail : faultWords(fault);
