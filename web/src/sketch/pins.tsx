/** Where threads hang on the board: buttons over it, which keys reach, too. */
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { count } from "../words";
import type { Board } from "./board";
import { toView } from "./camera";
import type { Comments, Thread } from "./comments";

/** Several threads about one element stand side by side. */
const BESIDE = 30;

export function Pins({ board, comments }: { board: Board; comments: Comments }) {
  void board.version.value;
  const { chosen, open, threads } = comments;
  const shown = [...open.value, ...threads.value.filter(({ id, isResolved }) => isResolved && id === chosen.value)];
  const seen = new Map<string, number>();
  return (
    <div class="sketch-pins" role="group" aria-label="Comments on the board">
      {shown.map((thread) => {
        const id = thread.first?.element_id;
        if (!id || !board.document.get(id)) return null;
        const place = seen.get(id) ?? 0;
        seen.set(id, place + 1);
        return <Pin key={thread.id} board={board} comments={comments} thread={thread} id={id} place={place} />;
      })}
    </div>
  );
}

interface PinProps {
  board: Board;
  comments: Comments;
  thread: Thread;
  id: string;
  place: number;
}

/** Follows the camera without being drawn anew. */
function Pin({ board, comments, thread, id, place }: PinProps) {
  const button = useRef<HTMLButtonElement>(null);
  useSignalEffect(() => {
    void board.version.value;
    const box = board.document.box(id);
    const { camera, size } = board;
    if (!box || !button.current) return;
    const at = toView(camera.value, size.value, { x: box.right, y: box.top });
    button.current.style.transform = `translate(${at.x + place * BESIDE}px, ${at.y}px) translate(4px, calc(-100% - 4px))`;
  });
  const said = thread.answers.length + 1;
  const element = board.document.get(id);
  return (
    <button
      ref={button}
      type="button"
      class="sketch-pin"
      aria-pressed={comments.chosen.value === thread.id}
      aria-label={`${count(said, "comment")} on ${element ? board.describe(element) : "this"}`}
      title={thread.first?.text.slice(0, 200)}
      onClick={() => comments.choose(thread)}
    >
      {said}
    </button>
  );
}
