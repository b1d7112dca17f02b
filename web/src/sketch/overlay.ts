/** What is drawn by hand over the finished elements: drafts, what is dragged, frames, and the others. */

import type { Board } from "./board";
import { type Camera, type Size, toView } from "./camera";
import type { Element, Place } from "./elements";
import { type Box, centre, corners, turn, type Vector } from "./geometry";
import { frameOf, handlesOf } from "./handles";
import { paint, type Tint } from "./paint";
import type { Other } from "./presence";

const ACCENT = "#3b6ef5";
const HANDLE = 8;
const LASER = "#e03131";
const COLORS = ["#1971c2", "#2f9e44", "#e8590c", "#9c36b5", "#c2255c", "#0c8599", "#5f3dc4", "#a07000"];

/** One person, one colour, wherever. */
export const colorOf = (key: number): string => COLORS[Math.abs(key) % COLORS.length]!;

export function drawOverlay(
  context: CanvasRenderingContext2D,
  board: Board,
  size: Size,
  ratio: number,
  tint: Tint,
): void {
  const camera = board.camera.value;
  const others = board.presence.others();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  onBoard(context, camera, size, ratio);
  for (const other of others) drawOther(context, board, other, tint);
  for (const element of board.live.dragged) paint(context, element, tint);
  const { draft, laser, marquee } = board.live;
  if (draft) paint(context, { id: "", ...draft }, tint);
  drawLaser(context, laser, camera.zoom);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (marquee) drawMarquee(context, marquee, camera, size);
  drawSelection(context, board, camera, size);
  for (const other of others) drawNamed(context, board, other, camera, size);
}

function onBoard(context: CanvasRenderingContext2D, camera: Camera, size: Size, ratio: number): void {
  const scale = camera.zoom * ratio;
  context.setTransform(
    scale,
    0,
    0,
    scale,
    (size.width / 2 - camera.x * camera.zoom) * ratio,
    (size.height / 2 - camera.y * camera.zoom) * ratio,
  );
}

function drawOther(context: CanvasRenderingContext2D, board: Board, other: Other, tint: Tint): void {
  if (other.draft) paint(context, { id: "", ...other.draft }, tint);
  for (const element of draggedBy(board, other)) paint(context, element, tint);
  drawLaser(context, other.laser, board.camera.value.zoom);
}

/** Elements where the other is moving them; their own places follow when they are let go. */
export function draggedBy(board: Board, other: Other): Element[] {
  return other.drag.flatMap(([id, x, y, angle, scale]) => {
    const element = board.document.get(id);
    return element ? [{ ...element, place: [x, y, angle, scale, element.place[4]] as Place }] : [];
  });
}

function drawLaser(context: CanvasRenderingContext2D, trail: readonly Vector[], zoom: number): void {
  context.strokeStyle = LASER;
  context.lineCap = context.lineJoin = "round";
  for (let index = 1; index < trail.length; index++) {
    const [from, to] = [trail[index - 1]!, trail[index]!];
    context.globalAlpha = index / trail.length;
    context.lineWidth = (1 + (3 * index) / trail.length) / zoom;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawMarquee(context: CanvasRenderingContext2D, box: Box, camera: Camera, size: Size): void {
  const from = toView(camera, size, { x: box.left, y: box.top });
  const to = toView(camera, size, { x: box.right, y: box.bottom });
  context.fillStyle = `${ACCENT}1f`;
  context.strokeStyle = ACCENT;
  context.lineWidth = 1;
  context.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
  context.strokeRect(from.x + 0.5, from.y + 0.5, to.x - from.x, to.y - from.y);
}

function drawSelection(context: CanvasRenderingContext2D, board: Board, camera: Camera, size: Size): void {
  const dragged = new Map(board.live.dragged.map((element) => [element.id, element]));
  const chosen = board.selected().map((element) => dragged.get(element.id) ?? element);
  if (!chosen.length || board.writing.value) return;
  outline(context, chosen, ACCENT, camera, size);
  if (!board.mayDraw) return;
  context.fillStyle = "#fff";
  context.lineWidth = 1.5;
  for (const { name, at } of handlesOf(chosen, camera.zoom)) {
    const { x, y } = toView(camera, size, at);
    context.beginPath();
    if (name === "turn" || name === "start" || name === "end") context.arc(x, y, HANDLE / 2 + 0.5, 0, Math.PI * 2);
    else context.roundRect(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE, 2);
    context.fill();
    context.stroke();
  }
}

function outline(
  context: CanvasRenderingContext2D,
  elements: readonly Element[],
  color: string,
  camera: Camera,
  size: Size,
): void {
  const frame = frameOf(elements);
  if (!frame) return;
  const middle = centre(frame.box);
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  corners(frame.box).forEach((corner, index) => {
    const { x, y } = toView(camera, size, turn(corner, frame.angle, middle));
    context[index ? "lineTo" : "moveTo"](x, y);
  });
  context.closePath();
  context.stroke();
}

/** A frame around what the other has selected, and the cursor with a name. */
function drawNamed(context: CanvasRenderingContext2D, board: Board, other: Other, camera: Camera, size: Size): void {
  const color = colorOf(other.userId ?? other.client);
  const chosen = other.selected.map((id) => board.document.get(id)).filter((element) => element !== undefined);
  if (chosen.length && !other.drag.length) outline(context, chosen, color, camera, size);
  if (!other.cursor) return;
  const { x, y } = toView(camera, size, other.cursor);
  context.fillStyle = color;
  context.strokeStyle = "#fff";
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 4, y + 15);
  context.lineTo(x + 7.5, y + 9.5);
  context.lineTo(x + 14, y + 8.5);
  context.closePath();
  context.fill();
  context.stroke();
  context.font = "600 12px system-ui, sans-serif";
  context.textAlign = "left";
  context.textBaseline = "middle";
  const wide = context.measureText(other.name).width + 12;
  context.beginPath();
  context.roundRect(x + 12, y + 16, wide, 20, 6);
  context.fill();
  context.fillStyle = "#fff";
  context.fillText(other.name, x + 18, y + 26.5);
}
