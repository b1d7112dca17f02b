/** Elements onto a canvas whose transformation is the board's. */

import type { Element, Style } from "./elements";
import { centre, FONT_SIZE, height, ownBox, width } from "./geometry";
import { pictureOf } from "./images";
import { shapeOf } from "./shapes";
import { linesOf } from "./words";

export const INK = "#1e1e1e";
const HIGHLIGHT_OPACITY = 0.4;
const LINE_HEIGHT = 1.25;
export const PADDING = 10;
const FONT = '"Chalkline Hand", ui-rounded, "Segoe UI", system-ui, sans-serif';

/** What dark boards do to colours: ink that is near black becomes near white, and the rest stays readable. */
export type Tint = (color: string) => string;

/** `pixels` of the canvas for one of the board: what is shown small needs less detail. */
export function paint(context: CanvasRenderingContext2D, { style, place }: Element, tint: Tint, pixels = 1): void {
  const [x, y, angle, scale] = place;
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  if (angle) {
    const middle = centre(ownBox(style));
    context.translate(middle.x, middle.y);
    context.rotate(angle);
    context.translate(-middle.x, -middle.y);
  }
  context.globalAlpha = (style.opacity ?? 1) * (style.kind === "highlight" ? HIGHLIGHT_OPACITY : 1);
  paintOwn(context, style, tint, pixels * scale);
  context.restore();
}

function paintOwn(context: CanvasRenderingContext2D, style: Style, tint: Tint, pixels: number): void {
  if (style.kind === "image") {
    paintImage(context, style);
    return;
  }
  if (style.kind !== "text") paintShape(context, style, tint, pixels);
  if (style.text) paintText(context, style, tint);
}

function paintShape(context: CanvasRenderingContext2D, style: Style, tint: Tint, pixels: number): void {
  const { outline, isFilled, heads } = shapeOf(style, pixels);
  const color = tint(style.color ?? INK);
  if (isFilled) {
    context.fillStyle = color;
    context.fill(outline);
    return;
  }
  const fill = style.fill ?? "transparent";
  if (fill !== "transparent") fillArea(context, style, outline, style.kind === "note" ? fill : tint(fill));
  const line = style.stroke_width ?? 2;
  if (!line || style.kind === "note") return;
  context.strokeStyle = color;
  context.lineWidth = line;
  context.lineCap = context.lineJoin = "round";
  context.setLineDash(dashes(style, line));
  context.stroke(outline);
  context.setLineDash([]);
  for (const { path, isSolid } of heads) {
    context.fillStyle = color;
    if (isSolid) context.fill(path);
    context.stroke(path);
  }
}

function dashes(style: Style, line: number): number[] {
  if (style.stroke_style === "dashed") return [8 + line, 6 + line];
  return style.stroke_style === "dotted" ? [0.1, line * 2.2] : [];
}

function fillArea(context: CanvasRenderingContext2D, style: Style, outline: Path2D, color: string): void {
  if ((style.fill_style ?? "solid") === "solid") {
    context.fillStyle = color;
    context.fill(outline);
    return;
  }
  context.save();
  context.clip(outline);
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  hatch(context, style, 1);
  if (style.fill_style !== "hachure") hatch(context, style, -1);
  context.restore();
}

function hatch(context: CanvasRenderingContext2D, style: Style, way: 1 | -1): void {
  const box = ownBox(style);
  const [wide, high] = [width(box), height(box)];
  context.beginPath();
  for (let at = -high; at < wide + high; at += 8) {
    context.moveTo(box.left + at, way > 0 ? box.bottom : box.top);
    context.lineTo(box.left + at + high, way > 0 ? box.top : box.bottom);
  }
  context.stroke();
}

function paintImage(context: CanvasRenderingContext2D, style: Style): void {
  const box = ownBox(style);
  const picture = pictureOf(style);
  if (picture) {
    context.drawImage(picture, box.left, box.top, width(box), height(box));
    return;
  }
  context.fillStyle = "#8886";
  context.fillRect(box.left, box.top, width(box), height(box));
}

export const fontOf = (style: Style): string => `${style.font_size ?? FONT_SIZE}px ${FONT}`;

function paintText(context: CanvasRenderingContext2D, style: Style, tint: Tint): void {
  const size = style.font_size ?? FONT_SIZE;
  const isFree = style.kind === "text";
  const box = ownBox(style);
  const padding = isFree ? 0 : PADDING;
  context.font = fontOf(style);
  const room = isFree ? Infinity : width(box) - 2 * padding;
  const lines = linesOf(style, room, (text) => context.measureText(text).width);
  const align = style.align ?? (isFree ? "left" : "center");
  const valign = style.valign ?? (isFree ? "top" : "middle");
  const all = lines.length * size * LINE_HEIGHT;
  const free = height(box) - 2 * padding - all;
  const top = box.top + padding + (valign === "top" ? 0 : valign === "middle" ? free / 2 : free);
  const x = { left: box.left + padding, center: centre(box).x, right: box.right - padding }[align];
  context.fillStyle = style.kind === "note" ? INK : tint(style.color ?? INK);
  context.textAlign = align;
  context.textBaseline = "middle";
  // Whose browser has a broader font sees a free text narrower: it stays within its box, as whoever wrote it placed it.
  const most = isFree ? Math.max(1, width(box)) : undefined;
  for (const [index, line] of lines.entries()) {
    context.fillText(line, x, top + (index + 0.5) * size * LINE_HEIGHT, most);
  }
}
