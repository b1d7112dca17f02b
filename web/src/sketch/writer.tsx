/** Writing on the board: a field over the element whose text it is. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Board, Writing } from "./board";
import { toView } from "./camera";
import { type Element, MAX_TEXT, type Style } from "./elements";
import { boxOf, centre, FONT_SIZE, ownBox, width } from "./geometry";
import { fontOf } from "./paint";
import { isDark, tinted } from "./tint";

const NEW_WIDTH = 280;
const EDGE = 4;
const LINE_HEIGHT = 1.25;

export function Writer({ board, writing }: { board: Board; writing: Writing }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const isDone = useRef(false);
  const element = writing.id ? board.document.get(writing.id) : undefined;
  const camera = board.camera.value;
  const size = board.size.value;

  useLayoutEffect(() => {
    const { style } = field.current!;
    const look = lookOf(board, writing, element);
    const at = toView(camera, size, look.at);
    style.font = fontOf({ kind: "text", font_size: look.fontSize * camera.zoom * look.scale });
    style.lineHeight = String(LINE_HEIGHT);
    style.color = isDark(document.documentElement) && element?.style.kind !== "note" ? tinted(look.color) : look.color;
    style.textAlign = look.align;
    style.inlineSize = `${look.width * camera.zoom}px`;
    style.transform = `translate(${at.x}px, ${at.y}px) translate(${look.isCentred ? "-50%, -50%" : "0, 0"})`;
    grow(field.current!);
  });
  useEffect(() => {
    const input = field.current!;
    input.focus();
    input.select();
    return () => finish();
  }, []);

  const finish = () => {
    if (isDone.current) return;
    isDone.current = true;
    keep(board, writing, field.current?.value ?? "");
    board.stopWriting();
  };
  return (
    <textarea
      ref={field}
      class="sketch-writer"
      aria-label="Text"
      dir="auto"
      maxLength={MAX_TEXT}
      defaultValue={element?.style.text ?? ""}
      onInput={(event) => grow(event.currentTarget)}
      onBlur={finish}
      onKeyDown={(event) => {
        event.stopPropagation();
        const isEnd = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey));
        if (!isEnd) return;
        event.preventDefault();
        finish();
        document.querySelector<HTMLElement>(".sketch-surface")?.focus();
      }}
    />
  );
}

function grow(field: HTMLTextAreaElement): void {
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight}px`;
}

function lookOf(board: Board, writing: Writing, element: Element | undefined) {
  const { color, font_size } = board.look.value;
  if (!element) {
    return { at: writing.at, color, fontSize: font_size, scale: 1, width: NEW_WIDTH, align: "start", isCentred: false };
  }
  const { style, place } = element;
  const isFree = style.kind === "text";
  const scale = place[3];
  return {
    at: isFree ? writing.at : centre(boxOf(element)),
    color: style.kind === "note" ? "#1e1e1e" : (style.color ?? color),
    fontSize: style.font_size ?? FONT_SIZE,
    scale,
    width: isFree ? Math.max(NEW_WIDTH, width(ownBox(style)) * scale) : width(ownBox(style)) * scale - 16,
    align: style.align ?? (isFree ? "start" : "center"),
    isCentred: !isFree,
  };
}

function keep(board: Board, writing: Writing, raw: string): void {
  const text = raw.trimEnd();
  const { color, font_size, opacity } = board.look.value;
  if (writing.id === null) {
    if (!text.trim()) return;
    const style: Style = { kind: "text", text, color, font_size, opacity, ...measured(text, font_size) };
    board.finish([board.add(style, writing.at)]);
    return;
  }
  const style = board.document.get(writing.id)?.style;
  if (!style || style.text === text) return;
  const isFree = style.kind === "text";
  if (isFree && !text.trim()) board.document.remove([writing.id]);
  else
    board.document.restyle([writing.id], () => ({ text, ...(isFree && measured(text, style.font_size ?? FONT_SIZE)) }));
}

const ruler = new OffscreenCanvas(1, 1).getContext("2d")!;

function measured(text: string, font_size: number): { width: number; height: number } {
  ruler.font = fontOf({ kind: "text", font_size });
  const lines = text.split("\n");
  const widest = Math.max(...lines.map((line) => ruler.measureText(line).width));
  return { width: Math.ceil(widest) + EDGE, height: Math.ceil(lines.length * font_size * LINE_HEIGHT) };
}
