/** Writing on the board: a field over the element whose text it is. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Board, Writing } from "./board";
import { toView } from "./camera";
import { type Element, MAX_TEXT, type Style } from "./elements";
import { boxOf, centre, FONT_SIZE, ownBox, width } from "./geometry";
import { fontOf, PADDING } from "./paint";
import { measured } from "./text-size";
import { isDark, tinted } from "./tint";

/** Room for the caret behind the last letter. */
const CARET = 12;
const LEAST_WIDTH = 40;
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
    style.whiteSpace = look.isCentred ? "pre-wrap" : "pre";
    style.inlineSize = `${look.width * camera.zoom}px`;
    style.transform = look.isCentred
      ? `translate(${at.x}px, ${at.y}px) translate(-50%, -50%) rotate(${look.angle}rad)`
      : `translate(${at.x}px, ${at.y}px) rotate(${look.angle}rad)`;
    grow();
  });
  useLayoutEffect(() => {
    const input = field.current!;
    input.focus();
    input.select();
    return () => finish();
  }, []);

  const grow = () => {
    const { style, value } = field.current!;
    const look = lookOf(board, writing, element);
    if (!look.isCentred) {
      const wide = measured(value, look.fontSize).width * look.scale + CARET;
      style.inlineSize = `${Math.max(LEAST_WIDTH, wide * camera.zoom)}px`;
    }
    style.blockSize = "auto";
    style.blockSize = `${field.current!.scrollHeight}px`;
  };
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
      onInput={grow}
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

function lookOf(board: Board, writing: Writing, element: Element | undefined) {
  const { color, font_size } = board.look.value;
  if (!element) {
    return {
      at: writing.at,
      color,
      fontSize: font_size,
      scale: 1,
      width: 0,
      align: "start",
      isCentred: false,
      angle: 0,
    };
  }
  const { style, place } = element;
  const isFree = style.kind === "text";
  const scale = place[3];
  return {
    at: isFree ? writing.at : centre(boxOf(element)),
    color: style.kind === "note" ? "#1e1e1e" : (style.color ?? color),
    fontSize: style.font_size ?? FONT_SIZE,
    scale,
    width: width(ownBox(style)) * scale - 2 * PADDING * scale,
    align: style.align ?? (isFree ? "start" : "center"),
    isCentred: !isFree,
    angle: isFree ? 0 : place[2],
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
