/** Where one writes. What is unsent survives a reload, and nothing is sent that the server would refuse. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { pressed, shownKeys } from "../app/shortcuts";
import { useChalkline } from "../app/state";
import type { ChannelView, JoinedChannel } from "../state";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { composerActions, type ComposerText } from "./features";
import { COMPOSER_ID, focusComposer, hasKeyboard } from "./focus";
import { plainText } from "./markdown/render";
import { MentionList, useMentions } from "./mentions";
import { TypingLine } from "./typing-line";

export const MAX_CHARACTERS = 8000;
const TOLD_FROM = 7000;

interface ComposerProps {
  channel: JoinedChannel;
  view: ChannelView;
  replyTo: number | null;
  endReply: () => void;
  /** From the empty field up to the last message. */
  leaveUp: () => void;
}

export function Composer({ channel, view, replyTo, endReply, leaveUp }: ComposerProps) {
  const state = useChalkline();
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = state.draft(channel.id);
  const text = draft.value;
  const left = charactersLeft(text);
  const isSendable = text.trim() !== "" && left >= 0;
  const mentions = useMentions(channel.id, field, (next) => put(next));

  useAutosize(field, text);
  useEffect(() => {
    if (hasKeyboard()) focusComposer();
  }, [channel.id, replyTo]);
  useTypeAnywhere();

  const put = ({ text: next, start, end }: ComposerText): void => {
    draft.value = next;
    const element = field.current!;
    element.value = next;
    element.focus();
    element.setSelectionRange(start, end);
    mentions.update();
  };
  const send = (): void => {
    if (!isSendable) return;
    view.send(text.trim(), replyTo === null ? {} : { reply_to: replyTo });
    draft.value = "";
    endReply();
    field.current?.focus();
  };
  const act = (id: string): void => {
    const { selectionStart: start, selectionEnd: end } = field.current!;
    const action = composerActions.find((one) => one.id === id);
    const next = action?.run({ text: draft.peek(), start, end }, channel);
    if (next) put(next);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.isComposing || mentions.press(event)) return;
    const action = composerActions.find((one) => one.keys === pressed(event));
    if (action) act(action.id);
    else if (event.key === "Enter" && !event.shiftKey && hasKeyboard()) send();
    else if (event.key === "Escape" && replyTo !== null) endReply();
    else if (event.key === "ArrowUp" && text === "") leaveUp();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const title = state.channels.title(channel);
  const hint = left < MAX_CHARACTERS - TOLD_FROM;
  return (
    <div class="composer">
      {replyTo !== null && <ReplyingTo view={view} seq={replyTo} onEnd={endReply} />}
      <div class={`composer-box${left < 0 ? " is-over" : ""}`}>
        <MentionList mentions={mentions} />
        <textarea
          id={COMPOSER_ID}
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          placeholder={`Message ${channel.kind === "direct" ? title : `#${title}`}`}
          aria-label={`Message to ${title}`}
          aria-describedby={hint ? "composer-left" : undefined}
          aria-invalid={left < 0 || undefined}
          enterkeyhint={hasKeyboard() ? "send" : "enter"}
          {...mentions.aria}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
            if (event.currentTarget.value) view.typing();
            mentions.update();
          }}
          onSelect={mentions.update}
          onBlur={mentions.close}
          onKeyDown={press}
        />
        <div class="composer-tools">
          <div class="composer-actions" role="toolbar" aria-label="Formatting">
            {composerActions.map((action) => (
              <IconButton
                key={action.id}
                icon={action.icon}
                label={action.label}
                {...(action.keys ? { keys: shownKeys(action.keys).join("+") } : {})}
                onMouseDown={(event: Event) => event.preventDefault()}
                onClick={() => act(action.id)}
              />
            ))}
          </div>
          {hint && (
            <p id="composer-left" class={left < 0 ? "composer-left is-over" : "composer-left"} role="status">
              {left < 0 ? `${-left} characters too long; ${MAX_CHARACTERS} fit` : `${left} characters left`}
            </p>
          )}
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
      <TypingLine channelId={channel.id} />
    </div>
  );
}

/** Counted as the server counts: in code points. Only long texts are worth the counting. */
export function charactersLeft(text: string): number {
  const trimmed = text.trim();
  if (trimmed.length < TOLD_FROM) return MAX_CHARACTERS - trimmed.length;
  return MAX_CHARACTERS - [...trimmed].length;
}

const sizesItself = globalThis.CSS?.supports?.("field-sizing", "content") ?? false;

function useAutosize(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (sizesItself || !element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text, field]);
}

/** Letters that are typed while nothing has the focus are meant for the composer. */
function useTypeAnywhere(): void {
  const [wake] = useState(() => (event: KeyboardEvent) => {
    const isLetter = event.key.length === 1 && event.key !== "?" && event.key !== " ";
    if (!isLetter || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.activeElement === document.body) focusComposer();
  });
  useEffect(() => {
    document.addEventListener("keydown", wake);
    return () => document.removeEventListener("keydown", wake);
  }, [wake]);
}

function ReplyingTo({ view, seq, onEnd }: { view: ChannelView; seq: number; onEnd: () => void }) {
  const state = useChalkline();
  const message = view.rows.value.find((row) => row.message?.seq === seq)?.message;
  return (
    <div class="replying">
      <Icon name="reply" />
      <p>
        Reply to <strong dir="auto">{message ? state.users.name(message.author_id) : "a message"}</strong>{" "}
        <span dir="auto">{message && plainText(message.text.slice(0, 160))}</span>
      </p>
      <IconButton icon="x" label="Don’t reply" onClick={onEnd} />
    </div>
  );
}
