/** The threads of a sketch beside its board. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Comment } from "../protocol/wire";
import { Avatar } from "../ui/avatar";
import { Button, IconButton } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { notify } from "../ui/live";
import { ago, fullTime } from "../ui/time";
import { count, faultWords } from "../words";
import type { Board } from "./board";
import type { Comments, Thread } from "./comments";
import { focusBoard } from "./stage";

const MOST = 4_000;
const tell = (error: unknown) => notify(faultWords(asFault(error)), true);

export function CommentsPane({ board, comments }: { board: Board; comments: Comments }) {
  const showsResolved = useSignal(false);
  const { all, beginning, chosen, isLost, threads } = comments;
  void board.version.value;
  const resolved = threads.value.filter((thread) => thread.isResolved);
  const shown = threads.value.filter(
    (thread) => !thread.isResolved || showsResolved.value || thread.id === chosen.value,
  );
  const close = () => {
    comments.isShown.value = false;
    beginning.value = null;
    chosen.value = null;
    focusBoard();
  };
  return (
    <aside
      class="sketch-comments"
      aria-label="Comments"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
        event.stopPropagation();
      }}
    >
      <header class="pane-header">
        <h2>Comments</h2>
        <IconButton icon="plus" label="New comment" onClick={() => comments.begin()} />
        <IconButton icon="x" label="Close comments" onClick={close} />
      </header>
      <div class="pane-body">
        {!all.value && !isLost.value && <Loading label="Loading comments" />}
        {isLost.value && (
          <Button icon="message" onClick={() => void comments.load()}>
            The comments didn’t come. Try again
          </Button>
        )}
        {beginning.value && (
          <section class="sketch-thread is-chosen">
            <p class="sketch-about" dir="auto">
              {about(board, beginning.value.elementId)}
            </p>
            <Say
              key={beginning.value.elementId}
              label="New comment"
              action="Comment"
              say={(text) => comments.say(text)}
              onCancel={() => {
                beginning.value = null;
                focusBoard();
              }}
            />
          </section>
        )}
        {all.value && !shown.length && !beginning.value && (
          <Empty icon="message" title="Nothing said yet">
            <p>Select something and press C, or comment on the whole sketch.</p>
          </Empty>
        )}
        <ul class="sketch-threads">
          {shown.map((thread) => (
            <li key={thread.id}>
              <ThreadView board={board} comments={comments} thread={thread} />
            </li>
          ))}
        </ul>
        {resolved.length > 0 && (
          <Button
            look="quiet"
            onClick={() => {
              showsResolved.value = !showsResolved.value;
            }}
          >
            {showsResolved.value ? "Hide" : "Show"} {count(resolved.length, "resolved thread")}
          </Button>
        )}
      </div>
    </aside>
  );
}

function about(board: Board, elementId: string | null): string {
  if (!elementId) return "About the whole sketch";
  const element = board.document.get(elementId);
  return element ? `About: ${board.describe(element)}` : "About something that is gone";
}

function ThreadView({ board, comments, thread }: { board: Board; comments: Comments; thread: Thread }) {
  const root = useRef<HTMLElement>(null);
  const { first } = thread;
  const isChosen = comments.chosen.value === thread.id;
  const elementId = first?.element_id ?? null;
  useLayoutEffect(() => {
    if (!isChosen) return;
    root.current?.scrollIntoView({ block: "nearest" });
    if (!root.current?.contains(document.activeElement)) root.current?.focus({ preventScroll: true });
  }, [isChosen]);
  return (
    <section
      ref={root}
      class={`sketch-thread${isChosen ? " is-chosen" : ""}`}
      tabIndex={-1}
      aria-label={about(board, elementId)}
    >
      <div class="sketch-thread-head">
        <button type="button" class="sketch-about" dir="auto" onClick={() => comments.choose(thread)}>
          {about(board, elementId)}
        </button>
        {first && (
          <Button
            look="quiet"
            {...(!thread.isResolved && { icon: "check" })}
            onClick={() => void comments.resolve(thread.id, !thread.isResolved).catch(tell)}
          >
            {thread.isResolved ? "Open again" : "Resolve"}
          </Button>
        )}
      </div>
      {first ? <Said comment={first} comments={comments} /> : <p class="soft">What this began with was deleted.</p>}
      {thread.answers.map((comment) => (
        <Said key={comment.id} comment={comment} comments={comments} />
      ))}
      {isChosen && first && (
        <Say label="Answer" action="Answer" say={(text) => comments.answer(thread.id, text)} isQuiet />
      )}
    </section>
  );
}

function Said({ comment, comments }: { comment: Comment; comments: Comments }) {
  const { users, session } = useChalkline();
  const name = users.name(comment.author_id);
  const isOwn = session.me.value?.id === comment.author_id;
  return (
    <div class="sketch-said">
      <Avatar id={comment.author_id} name={name} size="small" />
      <div>
        <p class="sketch-said-head">
          <strong dir="auto">{name}</strong>{" "}
          <time dateTime={comment.created_at} title={fullTime(comment.created_at)}>
            {ago(comment.created_at)}
          </time>
          {isOwn && (
            <IconButton
              icon="trash"
              label="Delete this comment"
              onClick={() => void comments.remove(comment.id).catch(tell)}
            />
          )}
        </p>
        <p class="sketch-said-text" dir="auto">
          {comment.text}
        </p>
      </div>
    </div>
  );
}

interface SayProps {
  label: string;
  action: string;
  say: (text: string) => Promise<void>;
  onCancel?: () => void;
  /** It doesn't take the focus by itself. */
  isQuiet?: boolean;
}

function Say({ label, action, say, onCancel, isQuiet = false }: SayProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  useLayoutEffect(() => {
    if (!isQuiet) field.current?.focus();
  }, []);
  const send = async () => {
    if (!text.trim() || isBusy) return;
    setBusy(true);
    try {
      await say(text.trim());
      setText("");
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="sketch-say"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="field">
        <textarea
          ref={field}
          rows={2}
          dir="auto"
          aria-label={label}
          placeholder={label}
          maxLength={MOST}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
      </div>
      <div class="sketch-say-actions">
        {onCancel && (
          <Button look="quiet" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <Button type="submit" look="primary" busy={isBusy} disabled={!text.trim()}>
          {action}
        </Button>
      </div>
    </form>
  );
}
