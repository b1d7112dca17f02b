/** The outlines of elements as paths, made once a style: moving an element makes none anew. */

import { getStroke } from "perfect-freehand";
import { type Head, isInk, isLine, type Style } from "./elements";
import { hasPressure, type Point } from "./points";
import { type Box, centre, height, ownBox, points, type Vector, width } from "./geometry";

export interface Shape {
  readonly outline: Path2D;
  /** Ink is an outline to be filled; the others are drawn along. */
  readonly isFilled: boolean;
  /** Arrowheads: drawn along, and filled where they are solid. */
  readonly heads: readonly { readonly path: Path2D; readonly isSolid: boolean }[];
}

const shapes = new WeakMap<Style, Shape>();
const coarse = new WeakMap<Style, { readonly apart: number; readonly shape: Shape }>();
const CORNER = 8;
const PEN_SIZE = 2.6;

/** `pixels` of the screen for one of the shape's own: ink that is shown small is made of fewer points. */
export function shapeOf(style: Style, pixels = 1): Shape {
  const apart = isInk(style.kind) ? 2 ** Math.floor(Math.log2(1.5 / pixels)) : 0;
  return apart > 2 ? coarseShapeOf(style, apart) : fineShapeOf(style);
}

function fineShapeOf(style: Style): Shape {
  let shape = shapes.get(style);
  if (!shape) {
    shape = make(style);
    shapes.set(style, shape);
  }
  return shape;
}

function coarseShapeOf(style: Style, apart: number): Shape {
  let found = coarse.get(style);
  if (found?.apart !== apart) {
    const path = points(style);
    const shape = { outline: ink(spaced(path, apart), style, hasPressure(path)), isFilled: true, heads: [] };
    found = { apart, shape };
    coarse.set(style, found);
  }
  return found.shape;
}

/** The first and the last point, and those between that are so far from the one before. */
export function spaced(path: readonly Point[], apart: number): readonly Point[] {
  let [x, y] = [Infinity, Infinity];
  return path.filter((point, index) => {
    const isKept = index === path.length - 1 || Math.abs(point.x - x) + Math.abs(point.y - y) >= apart;
    if (isKept) [x, y] = [point.x, point.y];
    return isKept;
  });
}

function make(style: Style): Shape {
  if (isInk(style.kind)) {
    const path = points(style);
    return { outline: ink(path, style, hasPressure(path)), isFilled: true, heads: [] };
  }
  if (isLine(style.kind)) {
    const path = points(style);
    return { outline: polyline(path, Boolean(style.round)), isFilled: false, heads: headsOf(style, path) };
  }
  return { outline: area(style), isFilled: false, heads: [] };
}

/** A pen is thicker where it is pressed harder, or was moved slower; a highlighter has one width. */
function ink(path: readonly Point[], style: Style, isPressed: boolean): Path2D {
  const isPen = style.kind === "stroke";
  const outline = getStroke(path as Point[], {
    size: (style.stroke_width ?? 2) * (isPen ? PEN_SIZE : 1),
    thinning: isPen ? 0.6 : 0,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: isPen && !isPressed,
    last: true,
  });
  return smooth(outline as [number, number][]);
}

function smooth(outline: readonly [number, number][]): Path2D {
  const path = new Path2D();
  const first = outline[0];
  if (!first) return path;
  path.moveTo(first[0], first[1]);
  for (let index = 0; index < outline.length; index++) {
    const [x, y] = outline[index]!;
    const [nextX, nextY] = outline[(index + 1) % outline.length]!;
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  path.closePath();
  return path;
}

function polyline(path: readonly Vector[], isRound: boolean): Path2D {
  const line = new Path2D();
  const [first, ...rest] = path;
  if (!first) return line;
  line.moveTo(first.x, first.y);
  if (!isRound || rest.length < 2) {
    for (const { x, y } of rest) line.lineTo(x, y);
    return line;
  }
  for (let index = 0; index < rest.length - 1; index++) {
    const [here, next] = [rest[index]!, rest[index + 1]!];
    const isLast = index === rest.length - 2;
    const end = isLast ? next : { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 };
    line.quadraticCurveTo(here.x, here.y, end.x, end.y);
  }
  return line;
}

function area(style: Style): Path2D {
  const box = ownBox(style);
  const path = new Path2D();
  const [middle, wide, high] = [centre(box), width(box), height(box)];
  switch (style.kind) {
    case "ellipse":
      path.ellipse(middle.x, middle.y, wide / 2, high / 2, 0, 0, Math.PI * 2);
      break;
    case "diamond":
      path.moveTo(middle.x, box.top);
      path.lineTo(box.right, middle.y);
      path.lineTo(middle.x, box.bottom);
      path.lineTo(box.left, middle.y);
      path.closePath();
      break;
    default:
      corner(path, box, style);
  }
  return path;
}

function corner(path: Path2D, box: Box, style: Style): void {
  const radius = style.round || style.kind === "note" ? Math.min(CORNER, width(box) / 4, height(box) / 4) : 0;
  path.roundRect(box.left, box.top, width(box), height(box), radius);
}

function headsOf(style: Style, path: readonly Vector[]): Shape["heads"] {
  const size = 8 + (style.stroke_width ?? 2) * 2.5;
  const end = style.end_head ?? (style.kind === "arrow" ? "arrow" : "none");
  return [...head(style.start_head ?? "none", path[0], path[1], size), ...head(end, path.at(-1), path.at(-2), size)];
}

function head(kind: Head, tip: Vector | undefined, before: Vector | undefined, size: number): Shape["heads"] {
  if (kind === "none" || !tip || !before) return [];
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
  const at = (along: number, aside: number): [number, number] => [
    tip.x + along * Math.cos(angle) - aside * Math.sin(angle),
    tip.y + along * Math.sin(angle) + aside * Math.cos(angle),
  ];
  const path = new Path2D();
  const through = (...corners: [number, number][]) => {
    for (const [index, [x, y]] of corners.entries()) path[index ? "lineTo" : "moveTo"](x, y);
  };
  switch (kind) {
    case "arrow":
      through(at(-size, -size / 2), at(0, 0), at(-size, size / 2));
      return [{ path, isSolid: false }];
    case "bar":
      through(at(0, -size / 2), at(0, size / 2));
      return [{ path, isSolid: false }];
    case "triangle":
      through(at(-size, -size / 2), at(0, 0), at(-size, size / 2));
      break;
    case "diamond":
      through(at(-size, 0), at(-size / 2, -size / 3), at(0, 0), at(-size / 2, size / 3));
      break;
    case "dot":
      path.arc(...at(-size / 4, 0), size / 4, 0, Math.PI * 2);
      break;
  }
  path.closePath();
  return [{ path, isSolid: true }];
}
