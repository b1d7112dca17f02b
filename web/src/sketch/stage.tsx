/** The board with what floats over it: tools, looks, zoom. What an open sketch shows to members and guests alike. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { openSheet } from "../app/workspace-shortcuts";
import { Button, IconButton } from "../ui/button";
import type { Board } from "./board";
import { Canvas } from "./canvas";
import { ImagePicker } from "./image-picker";
import { Inspector } from "./inspector";
import type { SaveStatus, SketchRoom } from "./room";
import { useSketchShortcuts } from "./shortcuts";
import { Toolbar } from "./toolbar";

interface StageProps {
  room: SketchRoom;
  title: string;
  hint: string;
  children?: ComponentChildren;
}

export function Stage({ room, title, hint, children }: StageProps) {
  const { board } = room;
  const count = board.count.value;
  const { isReady } = room;
  useSketchShortcuts(board.mayDraw);
  useEffect(() => {
    if (isReady.value) board.fitAtFirst();
  }, [isReady.value]);
  return (
    <div class="sketch-area" onClick={(event) => giveBackFocus(event)}>
      <Canvas board={board} label={`${title}, ${count} element${count === 1 ? "" : "s"}`} />
      <Toolbar board={board} />
      <Inspector board={board} />
      <Corner board={board} />
      <ImagePicker board={board} />
      {children}
      {isReady.value && count === 0 && !board.drawing.value && <p class="sketch-hint">{hint}</p>}
    </div>
  );
}

/** Who presses a tool with a pointer goes on to draw, and keys shall mean the board again. Who uses keys stays. */
function giveBackFocus(event: MouseEvent): void {
  const pressed = (event.target as Element).closest("button");
  if (event.detail > 0 && pressed?.closest(".sketch-tools, .sketch-inspector, .sketch-corner")) focusBoard();
}

export function focusBoard(): void {
  document.querySelector<HTMLElement>(".sketch-surface")?.focus({ preventScroll: true });
}

const WORDS: Record<SaveStatus, string> = {
  opening: "Opening …",
  saved: "Saved",
  saving: "Saving …",
  offline: "Offline: kept in this browser",
  unkept: "Offline: in this tab alone",
  refused: "Not connected",
};
const LOOKING_ON: Partial<Record<SaveStatus, string>> = { saved: "Live", saving: "Live", offline: "Offline" };

export function SaveMark({ room }: { room: SketchRoom }) {
  const status = room.status.value;
  const words = room.board.mayDraw ? WORDS[status] : (LOOKING_ON[status] ?? WORDS[status]);
  return (
    <p class={`sketch-status is-${status}`} role="status" title={room.reason.value}>
      <span>{words}</span>
      {(status === "offline" || status === "unkept" || status === "refused") && (
        <Button look="quiet" onClick={() => room.retry()}>
          Try now
        </Button>
      )}
    </p>
  );
}

function Corner({ board }: { board: Board }) {
  const percent = Math.round(board.camera.value.zoom * 100);
  const { canUndo, canRedo } = board.document;
  return (
    <div class="sketch-corner" role="group" aria-label="View">
      {board.mayDraw && (
        <>
          <IconButton
            icon="undo"
            label="Undo"
            keys="Ctrl+Z"
            aria-disabled={!canUndo.value}
            onClick={() => board.undo()}
          />
          <IconButton
            icon="redo"
            label="Redo"
            keys="Ctrl+Shift+Z"
            aria-disabled={!canRedo.value}
            onClick={() => board.redo()}
          />
        </>
      )}
      <button type="button" class="sketch-zoom" aria-label="Zoom out" onClick={() => board.zoom(1 / 1.25)}>
        −
      </button>
      <button
        type="button"
        class="sketch-zoom is-wide"
        aria-label={`${percent} percent: show in its own size`}
        onClick={() => board.zoomTo(1)}
      >
        {percent} %
      </button>
      <button type="button" class="sketch-zoom" aria-label="Zoom in" onClick={() => board.zoom(1.25)}>
        +
      </button>
      <IconButton icon="expand" label="Show everything" keys="1" onClick={() => board.fit()} />
      <IconButton icon="keyboard" class="sketch-keys" label="Keyboard shortcuts" keys="?" onClick={openSheet} />
    </div>
  );
}
