/** Where elements are: their own boxes, their boxes on the board, and what a pointer hits. Pure. */

import { type Element, hasPoints, type Place, type Style } from "./elements";
import { packedBox, type Point, unpackPoints } from "./points";

export interface Vector {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const EMPTY: Box = { left: 0, top: 0, right: 0, bottom: 0 };
const LINE_HEIGHT = 1.25;
const GLYPH_WIDTH = 0.55;
export const FONT_SIZE = 20;

const pointsOf = new WeakMap<Style, readonly Point[]>();
const boxes = new WeakMap<Style, Box>();

/** The element's points, unpacked once. */
export function points(style: Style): readonly Point[] {
  let found = pointsOf.get(style);
  if (!found) {
    found = style.points ? unpackPoints(style.points) : [];
    pointsOf.set(style, found);
  }
  return found;
}

/** The box of a style about its own origin, before it is turned, scaled and moved. */
export function ownBox(style: Style): Box {
  let box = boxes.get(style);
  if (!box) {
    box = measure(style);
    boxes.set(style, box);
  }
  return box;
}

function measure(style: Style): Box {
  if (hasPoints(style.kind)) return (style.points && packedBox(style.points)) ?? EMPTY;
  if (style.kind === "text" && style.width === undefined) return textBox(style);
  const [width, height] = [style.width ?? 0, style.height ?? 0];
  return {
    left: Math.min(0, width),
    top: Math.min(0, height),
    right: Math.max(0, width),
    bottom: Math.max(0, height),
  };
}

/** An estimate, for texts that came without a width. */
function textBox(style: Style): Box {
  const size = style.font_size ?? FONT_SIZE;
  const lines = (style.text ?? "").split("\n");
  const widest = Math.max(1, ...lines.map((line) => line.length));
  return { left: 0, top: 0, right: widest * size * GLYPH_WIDTH, bottom: lines.length * size * LINE_HEIGHT };
}

export function around(vectors: Iterable<Vector>): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of vectors) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return left === Infinity ? null : { left, top, right, bottom };
}

export const centre = (box: Box): Vector => ({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 });
export const width = (box: Box): number => box.right - box.left;
export const height = (box: Box): number => box.bottom - box.top;

export function turn({ x, y }: Vector, angle: number, about: Vector = { x: 0, y: 0 }): Vector {
  if (!angle) return { x, y };
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [x - about.x, y - about.y];
  return { x: about.x + dx * cos - dy * sin, y: about.y + dx * sin + dy * cos };
}

/** From an element's own plane to the board: scaled, moved, and turned about the middle of its box. */
export function toBoard(style: Style, place: Place, own: Vector): Vector {
  const [x, y, angle, scale] = place;
  const middle = centre(ownBox(style));
  const moved = { x: x + own.x * scale, y: y + own.y * scale };
  return turn(moved, angle, { x: x + middle.x * scale, y: y + middle.y * scale });
}

/** And back. */
export function toOwn(style: Style, place: Place, board: Vector): Vector {
  const [x, y, angle, scale] = place;
  const middle = centre(ownBox(style));
  const straight = turn(board, -angle, { x: x + middle.x * scale, y: y + middle.y * scale });
  return { x: (straight.x - x) / scale, y: (straight.y - y) / scale };
}

export const corners = (box: Box): Vector[] => [
  { x: box.left, y: box.top },
  { x: box.right, y: box.top },
  { x: box.right, y: box.bottom },
  { x: box.left, y: box.bottom },
];

/** What it covers on the board, with the width of its line. */
export function boxOf({ style, place }: Element): Box {
  const box = around(corners(ownBox(style)).map((corner) => toBoard(style, place, corner))) ?? EMPTY;
  const edge = ((style.stroke_width ?? 2) * place[3]) / 2 + (style.kind === "arrow" ? 12 * place[3] : 0);
  return grown(box, edge);
}

export const grown = (box: Box, by: number): Box => ({
  left: box.left - by,
  top: box.top - by,
  right: box.right + by,
  bottom: box.bottom + by,
});

export const meets = (one: Box, other: Box): boolean =>
  one.left <= other.right && other.left <= one.right && one.top <= other.bottom && other.top <= one.bottom;

export const holds = (outer: Box, inner: Box): boolean =>
  outer.left <= inner.left && inner.right <= outer.right && outer.top <= inner.top && inner.bottom <= outer.bottom;

export function union(all: Iterable<Box>): Box | null {
  let joined: Box | null = null;
  for (const box of all) {
    joined = joined
      ? {
          left: Math.min(joined.left, box.left),
          top: Math.min(joined.top, box.top),
          right: Math.max(joined.right, box.right),
          bottom: Math.max(joined.bottom, box.bottom),
        }
      : box;
  }
  return joined;
}

export const distance = (a: Vector, b: Vector): number => Math.hypot(a.x - b.x, a.y - b.y);

export function distanceToSegment(point: Vector, from: Vector, to: Vector): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length ? Math.min(1, Math.max(0, ((point.x - from.x) * dx + (point.y - from.y) * dy) / length)) : 0;
  return Math.hypot(point.x - from.x - along * dx, point.y - from.y - along * dy);
}

/** Whether a pointer at a place of the board is on the element: on its line, or in it where it is filled. */
export function isHit(element: Element, at: Vector, slack: number): boolean {
  const { style, place } = element;
  const own = toOwn(style, place, at);
  const reach = slack / place[3] + (style.stroke_width ?? 2) / 2;
  if (hasPoints(style.kind)) return isNearPath(points(style), own, reach);
  const box = ownBox(style);
  if (!meets(grown(box, reach), { left: own.x, right: own.x, top: own.y, bottom: own.y })) return false;
  if (isSolid(style)) return isInside(style, box, own, reach);
  return isInside(style, box, own, reach) && !isInside(style, box, own, -reach);
}

const isSolid = (style: Style): boolean =>
  ["text", "note", "image"].includes(style.kind) ||
  Boolean(style.text) ||
  (style.fill ?? "transparent") !== "transparent";

function isInside(style: Style, box: Box, own: Vector, by: number): boolean {
  const [halfWidth, halfHeight] = [width(box) / 2 + by, height(box) / 2 + by];
  if (halfWidth <= 0 || halfHeight <= 0) return false;
  const middle = centre(box);
  const [x, y] = [Math.abs(own.x - middle.x) / halfWidth, Math.abs(own.y - middle.y) / halfHeight];
  if (style.kind === "ellipse") return x * x + y * y <= 1;
  if (style.kind === "diamond") return x + y <= 1;
  return x <= 1 && y <= 1;
}

function isNearPath(path: readonly Vector[], at: Vector, reach: number): boolean {
  if (path.length === 1) return distance(path[0]!, at) <= reach;
  for (let index = 1; index < path.length; index++) {
    if (distanceToSegment(at, path[index - 1]!, path[index]!) <= reach) return true;
  }
  return false;
}
