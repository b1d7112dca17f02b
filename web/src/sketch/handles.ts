/** The frame around what is selected: its handles, and what dragging one of them does. Pure. */

import { type Element, hasPoints, isLine, type Place, type Style } from "./elements";
import { packPoints } from "./points";
import { type Box, boxOf, centre, height, ownBox, points, toBoard, turn, union, type Vector, width } from "./geometry";

export type HandleName = "nw" | "n" | "ne" | "e" | "se" | "s" | "sw" | "w" | "turn" | "start" | "end";

export interface Handle {
  readonly name: HandleName;
  readonly at: Vector;
}

/** A box on the board that is turned about its middle. */
export interface Frame {
  readonly box: Box;
  readonly angle: number;
}

export interface Changed {
  readonly style: Style;
  readonly place: Place;
}

const TURN_PIXELS = 26;
const LEAST = 4;
const SIDES: Record<string, readonly [number, number]> = {
  nw: [0, 0],
  n: [0.5, 0],
  ne: [1, 0],
  e: [1, 0.5],
  se: [1, 1],
  s: [0.5, 1],
  sw: [0, 1],
  w: [0, 0.5],
};

/** Of one element, its own turned box; of several, the box around all. */
export function frameOf(elements: readonly Element[]): Frame | null {
  const [only] = elements;
  if (!only) return null;
  if (elements.length > 1) return { box: union(elements.map(boxOf))!, angle: 0 };
  const { style, place } = only;
  const own = ownBox(style);
  const [x, y, angle, scale] = place;
  const box = {
    left: x + own.left * scale,
    top: y + own.top * scale,
    right: x + own.right * scale,
    bottom: y + own.bottom * scale,
  };
  return { box, angle };
}

export function handlesOf(elements: readonly Element[], zoom: number): Handle[] {
  const [only] = elements;
  if (only && elements.length === 1 && isLine(only.style.kind)) return endsOf(only);
  const frame = frameOf(elements);
  if (!frame) return [];
  const middle = centre(frame.box);
  const at = (x: number, y: number): Vector => turn({ x, y }, frame.angle, middle);
  const names = isScaledOnly(elements) ? ["nw", "ne", "se", "sw"] : Object.keys(SIDES);
  const sides = names.map((name) => {
    const [along, down] = SIDES[name]!;
    const { left, top } = frame.box;
    return { name: name as HandleName, at: at(left + along * width(frame.box), top + down * height(frame.box)) };
  });
  return [...sides, { name: "turn", at: at(middle.x, frame.box.top - TURN_PIXELS / zoom) }];
}

/** Ink, text and groups keep their proportions; an area alone may be stretched. */
const isScaledOnly = (elements: readonly Element[]): boolean =>
  elements.length > 1 || hasPoints(elements[0]!.style.kind) || ["text", "image"].includes(elements[0]!.style.kind);

function endsOf({ style, place }: Element): Handle[] {
  const path = points(style);
  const [first, last] = [path[0], path.at(-1)];
  if (!first || !last) return [];
  return [
    { name: "start", at: toBoard(style, place, first) },
    { name: "end", at: toBoard(style, place, last) },
  ];
}

export function handleAt(handles: readonly Handle[], at: Vector, reach: number): Handle | undefined {
  return handles.find((handle) => Math.abs(handle.at.x - at.x) <= reach && Math.abs(handle.at.y - at.y) <= reach);
}

export function turned(elements: readonly Element[], from: Vector, to: Vector, snaps: boolean): Map<string, Changed> {
  const middle = centre(frameOf(elements)!.box);
  let by = Math.atan2(to.y - middle.y, to.x - middle.x) - Math.atan2(from.y - middle.y, from.x - middle.x);
  if (snaps) by = (Math.round(by / (Math.PI / 12)) * Math.PI) / 12;
  return turnedBy(elements, by);
}

/** About the middle of the frame around them. */
export function turnedBy(elements: readonly Element[], by: number): Map<string, Changed> {
  const middle = centre(frameOf(elements)!.box);
  const changed = elements.map(({ id, style, place }): [string, Changed] => {
    const [x, y, angle, scale, z] = place;
    const own = centre(ownBox(style));
    const was = { x: x + own.x * scale, y: y + own.y * scale };
    const now = turn(was, by, middle);
    return [id, { style, place: [x + now.x - was.x, y + now.y - was.y, angle + by, scale, z] }];
  });
  return new Map(changed);
}

/** One end of a line, dragged. */
export function bent({ id, style, place }: Element, name: "start" | "end", to: Vector): Map<string, Changed> {
  const path = points(style).map((point) => toBoard(style, place, point));
  path[name === "start" ? 0 : path.length - 1] = { x: to.x, y: to.y };
  const [first] = path as [Vector];
  const packed = packPoints(path.map(({ x, y }) => ({ x: x - first.x, y: y - first.y, pressure: 0.5 })));
  return new Map([[id, { style: { ...style, points: packed }, place: [first.x, first.y, 0, 1, place[4]] as Place }]]);
}

export function resized(
  elements: readonly Element[],
  name: HandleName,
  to: Vector,
  keeps: boolean,
): Map<string, Changed> {
  const frame = frameOf(elements)!;
  const [along, down] = SIDES[name] ?? [1, 1];
  const middle = centre(frame.box);
  const straight = turn(to, -frame.angle, middle);
  const fixed = {
    x: frame.box.left + (1 - along) * width(frame.box),
    y: frame.box.top + (1 - down) * height(frame.box),
  };
  let fx = along === 0.5 ? 1 : factor(straight.x - fixed.x, (along - 0.5) * 2 * width(frame.box));
  let fy = down === 0.5 ? 1 : factor(straight.y - fixed.y, (down - 0.5) * 2 * height(frame.box));
  if (keeps || isScaledOnly(elements)) fx = fy = Math.max(fx, fy);
  const only = elements.length === 1 && !isScaledOnly(elements) ? elements[0] : undefined;
  if (only) return new Map([[only.id, stretched(only, fixed, frame, fx, fy)]]);
  return new Map(elements.map((element) => [element.id, scaled(element, fixed, frame, fx)]));
}

function factor(now: number, before: number): number {
  if (Math.abs(before) < LEAST) return 1;
  return Math.max(LEAST / Math.abs(before), now / before);
}

function stretched({ style, place }: Element, fixed: Vector, frame: Frame, fx: number, fy: number): Changed {
  const [, , angle, scale, z] = place;
  const size = { width: width(frame.box) * fx, height: height(frame.box) * fy };
  const corner = { x: fixed.x + (frame.box.left - fixed.x) * fx, y: fixed.y + (frame.box.top - fixed.y) * fy };
  const at = held(corner, size, frame, fixed, fx, fy);
  return {
    style: { ...style, width: size.width / scale, height: size.height / scale },
    place: [at.x, at.y, angle, scale, z],
  };
}

/** The corner opposite the handle stays where it is on the board, also when the box is turned about another middle. */
function held(
  corner: Vector,
  size: { width: number; height: number },
  frame: Frame,
  fixed: Vector,
  fx: number,
  fy: number,
): Vector {
  if (!frame.angle) return corner;
  const before = turn(fixed, frame.angle, centre(frame.box));
  const middle = { x: corner.x + size.width / 2, y: corner.y + size.height / 2 };
  const anchor = { x: fixed.x * fx + fixed.x * (1 - fx), y: fixed.y * fy + fixed.y * (1 - fy) };
  const after = turn(anchor, frame.angle, middle);
  return { x: corner.x + before.x - after.x, y: corner.y + before.y - after.y };
}

function scaled({ style, place }: Element, fixed: Vector, frame: Frame, by: number): Changed {
  const [x, y, angle, scale, z] = place;
  const own = ownBox(style);
  const corner = { x: fixed.x + (x - fixed.x) * by, y: fixed.y + (y - fixed.y) * by };
  if (!frame.angle) return { style, place: [corner.x, corner.y, angle, scale * by, z] };
  const size = { width: width(own) * scale * by, height: height(own) * scale * by };
  const topLeft = { x: corner.x + own.left * scale * by, y: corner.y + own.top * scale * by };
  const at = held(topLeft, size, frame, fixed, by, by);
  return { style, place: [corner.x + at.x - topLeft.x, corner.y + at.y - topLeft.y, angle, scale * by, z] };
}
