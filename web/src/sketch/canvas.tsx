/** The board itself, as one thing that has the focus: keys draw, select and move on it as pointers do. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { announce, notify } from "../ui/live";
import { type Board, tools } from "./board";
import { addPictures, copySelected, paste } from "./clipboard";
import { fromView } from "./camera";
import { holdsText } from "./elements";
import { pressKey } from "./keys";
import { elementAt } from "./tools/select";
import { View } from "./view";
import { Writer } from "./writer";

export function Canvas({ board, label }: { board: Board; label: string }) {
  const surface = useRef<HTMLDivElement>(null);
  const finished = useRef<HTMLCanvasElement>(null);
  const byHand = useRef<HTMLCanvasElement>(null);
  const view = useRef<View | null>(null);

  useLayoutEffect(() => {
    const opened = new View(board, { surface: surface.current!, finished: finished.current!, byHand: byHand.current! });
    view.current = opened;
    surface.current!.focus({ preventScroll: true });
    return () => opened.close();
  }, [board]);
  useLayoutEffect(() => {
    const pasted = (event: ClipboardEvent) => {
      if (document.activeElement !== surface.current || !event.clipboardData) return;
      event.preventDefault();
      paste(board, event.clipboardData).catch(cannotRead);
    };
    const copied = (event: ClipboardEvent) => {
      if (document.activeElement !== surface.current || !event.clipboardData) return;
      if (!copySelected(board, event.clipboardData)) return;
      event.preventDefault();
      announce(`${board.selection.value.size} copied`);
      if (event.type === "cut" && board.mayDraw) board.document.remove(board.selection.value);
    };
    const listeners = { paste: pasted, copy: copied, cut: copied };
    for (const [name, listener] of Object.entries(listeners)) {
      document.addEventListener(name as "paste", listener);
    }
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        document.removeEventListener(name as "paste", listener);
      }
    };
  }, [board]);

  const press = (event: KeyboardEvent) => {
    if (event.target !== surface.current) return;
    if (event.key === " ") {
      view.current!.pointers.isSpaceDown = true;
      event.preventDefault();
    } else if (event.key === "Escape") {
      if (!view.current!.pointers.cancel()) board.pick("select");
      board.choose(new Set());
      event.stopPropagation();
    } else if (pressKey(board, event, announce)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault(); // else the browser leaves for the file
    const files = Array.from(event.dataTransfer?.files ?? []);
    if (!files.length || !board.mayDraw) return;
    const box = surface.current!.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    addPictures(board, files, fromView(board.camera.value, board.size.value, at)).catch(cannotRead);
  };
  const write = (event: MouseEvent) => {
    const box = surface.current!.getBoundingClientRect();
    const view = { x: event.clientX - box.left, y: event.clientY - box.top };
    if (!board.mayDraw || board.tool.value !== "select") return;
    const at = fromView(board.camera.value, board.size.value, view);
    const hit = elementAt(board, at);
    if (hit && holdsText(hit.style.kind)) board.write(hit.id);
    else if (!hit) board.writeAt(at);
  };
  return (
    <div class="sketch-stage">
      <div
        ref={surface}
        class="sketch-surface"
        data-cursor={tools[board.tool.value].cursor}
        tabIndex={0}
        role="application"
        aria-roledescription="drawing board"
        aria-label={label}
        aria-describedby="sketch-help"
        onKeyDown={press}
        onKeyUp={(event) => {
          if (event.key === " ") view.current!.pointers.isSpaceDown = false;
        }}
        onDblClick={write}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
        onContextMenu={(event) => event.preventDefault()}
      >
        <canvas ref={finished} class="sketch-canvas" />
        <canvas ref={byHand} class="sketch-canvas" />
      </div>
      <p id="sketch-help" class="visually-hidden">
        {board.mayDraw
          ? "Letters choose tools. Tab goes from element to element, arrows move what is selected, Enter writes or draws, Escape lets go. A question mark shows all keys."
          : "Tab goes from element to element, arrows move the board. A question mark shows all keys."}
      </p>
      {board.writing.value && (
        <Writer key={board.writing.value.id ?? "new"} board={board} writing={board.writing.value} />
      )}
    </div>
  );
}

function cannotRead(): void {
  notify("This is no picture that your browser can read.", true);
}
