/** Where one writes. What is unsent survives a reload, and nothing is sent that the server would refuse. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { pressed, shownKeys } from "../app/shortcuts";
import { useChalkline } from "../app/state";
import { said } from "../files/said";
import { DropZone, FileButton, pastedFiles, TrayList } from "../files/tray";
import type { JoinedChannel, Row, Tray } from "../state";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { CompletionList, useCompletion } from "./completion";
import "./completions";
import { charactersLeft, isNearlyFull, MAX_CHARACTERS, useAutosize } from "./composer-text";
import { Closed, SlowNote, usePause, useWhyClosed } from "./composer-state";
import { composerActions, composerModes, composerNotes, type ComposerText } from "./features";
import { COMPOSER_ID, focusComposer, hasKeyboard, THREAD_COMPOSER_ID } from "./focus";
import { TypingLine } from "./typing-line";
import { authorName } from "./author";

export { charactersLeft, MAX_CHARACTERS };

interface ComposerProps {
  channel: JoinedChannel;
  draft: Signal<string>;
  label: string;
  placeholder: string;
  place: "channel" | "thread";
  /** Of a thread: its first message. */
  thread?: number;
  replyTo: number | null;
  /** The message that is answered. */
  find: (seq: number) => Row["message"] | undefined;
  endReply: () => void;
  tray: Tray;
  send: (text: string, files: ReturnType<Tray["take"]>) => void;
  typing: () => void;
  /** From the empty field: to edit one's last message, or up to the messages. */
  leaveUp: () => void;
  /** What else is to be chosen, below the text. */
  children?: ComponentChildren;
}

export function Composer(props: ComposerProps) {
  const why = useWhyClosed(props.channel);
  return why ? <Closed why={why} /> : <OpenComposer {...props} />;
}

function OpenComposer(props: ComposerProps) {
  const { channel, draft, place, replyTo, endReply } = props;
  const state = useChalkline();
  const view = useMemo(() => state.view(channel.id), [state, channel.id]);
  const modes = place === "channel" ? composerModes : [];
  const field = useRef<HTMLTextAreaElement>(null);
  const id = place === "thread" ? THREAD_COMPOSER_ID : COMPOSER_ID;
  const text = draft.value;
  const left = charactersLeft(text);
  const pause = usePause(channel);
  const uploads = props.tray.uploads.value;
  // What has failed is to be tried again or taken away first: nobody shall believe that it went along.
  const isReady = uploads.every((one) => one.state === "ready");
  const isSendable = (text.trim() !== "" || uploads.length > 0) && isReady && left >= 0 && pause === 0;
  const completion = useCompletion(channel, field, (next) => put(next));

  useAutosize(field, text);
  useEffect(() => {
    if (hasKeyboard()) focusComposer(place);
  }, [channel.id, replyTo, place]);
  useTypeAnywhere(place === "channel");

  const put = ({ text: next, start, end }: ComposerText): void => {
    draft.value = next;
    const element = field.current!;
    element.value = next;
    element.focus();
    element.setSelectionRange(start, end);
    completion.update();
  };
  const send = (): void => {
    if (!isSendable) return;
    const files = uploads.flatMap(({ file }) => (file ? [file] : []));
    const done = () => {
      if (draft.peek() === text) draft.value = "";
      props.tray.give(files);
      endReply();
      field.current?.focus();
    };
    const post = () => {
      props.send(draft.peek().trim(), props.tray.take());
      draft.value = "";
      endReply();
      field.current?.focus();
    };
    const posting = { channel, view, thread: props.thread ?? null, text: text.trim(), files, replyTo, done, post };
    if (!composerModes.some((mode) => mode.take(posting, state))) post();
  };
  const act = (name: string, anchor: Element): void => {
    const { selectionStart: start, selectionEnd: end } = field.current!;
    const action = composerActions.find((one) => one.id === name);
    const next = action?.run({ text: draft.peek(), start, end }, channel, { anchor, put });
    if (next) put(next);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.isComposing || completion.press(event)) return;
    const action = composerActions.find((one) => one.keys === pressed(event));
    if (action) act(action.id, field.current!);
    else if (modes.some((mode) => mode.press?.(pressed(event), text, channel))) focusComposer();
    else if (event.key === "Enter" && !event.shiftKey && hasKeyboard()) send();
    else if (event.key === "Escape" && replyTo !== null) endReply();
    else if (event.key === "ArrowUp" && text === "") props.leaveUp();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const placeholder = modes.map((mode) => mode.placeholder?.(channel)).find(Boolean);
  const hint = isNearlyFull(left);
  return (
    <div class="composer">
      {modes.map(({ id, Bar }) => Bar && <Bar key={id} channel={channel} view={view} text={text} />)}
      {composerNotes.map((Note, index) => (
        <Note key={index} channel={channel} thread={props.thread ?? null} />
      ))}
      <DropZone tray={props.tray} field={field} />
      {replyTo !== null && <ReplyingTo message={props.find(replyTo)} onEnd={endReply} />}
      <div class={`composer-box${left < 0 ? " is-over" : ""}`}>
        <CompletionList completion={completion} />
        <textarea
          id={id}
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          placeholder={placeholder ?? props.placeholder}
          aria-label={props.label}
          aria-describedby={hint ? `${id}-left` : undefined}
          aria-invalid={left < 0 || undefined}
          enterkeyhint={hasKeyboard() ? "send" : "enter"}
          {...completion.aria}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
            if (event.currentTarget.value) props.typing();
            completion.update();
          }}
          onSelect={completion.update}
          onBlur={completion.close}
          onKeyDown={press}
          onPaste={(event) => {
            const files = pastedFiles(event);
            if (!files.length) return;
            event.preventDefault();
            props.tray.add(files);
          }}
        />
        <TrayList tray={props.tray} field={field} />
        {props.children}
        <div class="composer-tools">
          <FileButton tray={props.tray} field={field} />
          <div class="composer-actions" role="toolbar" aria-label="Formatting">
            {composerActions.map((action) => (
              <IconButton
                key={action.id}
                icon={action.icon}
                label={action.label}
                {...(action.keys ? { keys: shownKeys(action.keys).join("+") } : {})}
                onMouseDown={(event: Event) => event.preventDefault()}
                onClick={(event: Event) => act(action.id, event.currentTarget as Element)}
              />
            ))}
          </div>
          {hint && (
            <p id={`${id}-left`} class={left < 0 ? "composer-left is-over" : "composer-left"} role="status">
              {left < 0 ? `${-left} characters too long; ${MAX_CHARACTERS} fit` : `${left} characters left`}
            </p>
          )}
          <SlowNote channel={channel} pause={pause} />
          {modes.map(({ id, Toggle }) => Toggle && <Toggle key={id} channel={channel} view={view} text={text} />)}
          <button
            type="button"
            class="send"
            aria-label="Send"
            title="Send (Enter)"
            disabled={!isSendable}
            onClick={send}
          >
            <Icon name="send" />
          </button>
        </div>
      </div>
      {place === "channel" && <TypingLine channelId={channel.id} />}
    </div>
  );
}

/** Letters that are typed while nothing has the focus are meant for the composer. */
function useTypeAnywhere(isMeant: boolean): void {
  const [wake] = useState(() => (event: KeyboardEvent) => {
    const isLetter = event.key.length === 1 && event.key !== "?" && event.key !== " ";
    if (!isLetter || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.activeElement === document.body) focusComposer();
  });
  useLayoutEffect(() => {
    if (!isMeant) return;
    document.addEventListener("keydown", wake);
    return () => document.removeEventListener("keydown", wake);
  }, [wake, isMeant]);
}

function ReplyingTo({ message, onEnd }: { message: Row["message"] | undefined; onEnd: () => void }) {
  const state = useChalkline();
  return (
    <div class="replying">
      <Icon name="reply" />
      <p>
        Reply to <strong dir="auto">{message ? authorName(state, message) : "a message"}</strong>{" "}
        <span dir="auto">{message && said(message, 160)}</span>
      </p>
      <IconButton icon="x" label="Don’t reply" onClick={onEnd} />
    </div>
  );
}
