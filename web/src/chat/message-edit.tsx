/** A message that is being edited, in its place. Enter saves, Escape leaves it as it was. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { asFault } from "../protocol/faults";
import type { Message } from "../protocol/wire";
import type { State } from "../state";
import { Button } from "../ui/button";
import { announce, notify } from "../ui/live";
import { faultWords } from "../words";
import { CompletionList, useCompletion } from "./completion";
import { charactersLeft, useAutosize } from "./composer-text";
import { confirmDelete } from "./delete-message";
import { beginEdit, editing, endEdit } from "./editing";
import { focusComposer, hasKeyboard } from "./focus";

interface MessageEditProps {
  message: Message;
  state: State;
  place: "channel" | "thread";
}

export function MessageEdit({ message, state, place }: MessageEditProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const text = editing.value?.text ?? message.text;
  const left = charactersLeft(text);
  const channel = state.channels.get(message.channel_id).value;
  const completion = useCompletion(channel, field, (next) => {
    write(next.text);
    field.current!.value = next.text;
    field.current!.setSelectionRange(next.start, next.end);
  });
  const write = (next: string): void => {
    if (editing.peek()) editing.value = { ...editing.peek()!, text: next };
  };
  useAutosize(field, text);
  useLayoutEffect(() => {
    const element = field.current!;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, []);
  useLayoutEffect(() => field.current?.scrollIntoView({ block: "nearest" }), []);

  const leave = (): void => {
    endEdit();
    focusComposer(place);
  };
  const save = (): void => {
    const next = text.trim();
    if (left < 0) return;
    if (!next) return confirmDelete(message, state);
    leave();
    if (next === message.text) return;
    announce("Saved");
    state.messages.edit(message.channel_id, message.seq, next).catch((error: unknown) => {
      // What was written is not lost: it can be tried again, or copied.
      notify(`Not changed. ${faultWords(asFault(error))}`, true);
      if (!editing.peek()) beginEdit({ ...message, text: next }, place);
    });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.isComposing || completion.press(event)) return;
    if (event.key === "Enter" && !event.shiftKey && hasKeyboard()) save();
    else if (event.key === "Escape") leave();
    else {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class={`edit-box${left < 0 ? " is-over" : ""}`}>
      {channel && <CompletionList completion={completion} />}
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        value={text}
        aria-label="Edit message"
        aria-invalid={left < 0 || undefined}
        {...completion.aria}
        onInput={(event) => {
          write(event.currentTarget.value);
          completion.update();
        }}
        onSelect={completion.update}
        onBlur={completion.close}
        onKeyDown={press}
      />
      <div class="edit-tools">
        <span class="soft only-wide">
          {left < 0 ? `${-left} characters too long` : "Enter saves, Escape leaves it as it was"}
        </span>
        <Button look="quiet" onClick={leave}>
          Cancel
        </Button>
        <Button look="primary" disabled={left < 0} onClick={save}>
          Save
        </Button>
      </div>
    </div>
  );
}
