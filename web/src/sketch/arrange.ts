/** Elements put in order: beside each other, at equal distances, turned and resized by keys. Pure. */

import type { Element } from "./elements";
import { type Box, boxOf, centre, union } from "./geometry";
import { type Changed, frameOf, resized } from "./handles";

export type Side = "left" | "centre" | "right" | "top" | "middle" | "bottom";

interface Unit {
  readonly elements: readonly Element[];
  readonly box: Box;
}

/** What is in a group stays together. */
export function unitsOf(elements: readonly Element[]): Unit[] {
  const units = new Map<string, Element[]>();
  for (const element of elements) {
    const name = element.style.group ? `group ${element.style.group}` : element.id;
    units.set(name, [...(units.get(name) ?? []), element]);
  }
  return Array.from(units.values(), (inside) => ({ elements: inside, box: union(inside.map(boxOf))! }));
}

export function shifted(elements: readonly Element[], dx: number, dy: number): [string, Changed][] {
  return elements.map(({ id, style, place: [x, y, angle, scale, z] }) => [
    id,
    { style, place: [x + dx, y + dy, angle, scale, z] },
  ]);
}

/** By one side, or the middle, of the box around all of them. */
export function aligned(elements: readonly Element[], side: Side): Map<string, Changed> {
  const units = unitsOf(elements);
  const all = union(units.map(({ box }) => box));
  if (!all || units.length < 2) return new Map();
  return new Map(
    units.flatMap(({ elements: inside, box }) => {
      if (side === "centre") return shifted(inside, centre(all).x - centre(box).x, 0);
      if (side === "middle") return shifted(inside, 0, centre(all).y - centre(box).y);
      const by = all[side] - box[side];
      return side === "left" || side === "right" ? shifted(inside, by, 0) : shifted(inside, 0, by);
    }),
  );
}

/** With equal gaps; the outermost two stay. */
export function spread(elements: readonly Element[], along: "across" | "down"): Map<string, Changed> {
  const [from, to] = along === "across" ? (["left", "right"] as const) : (["top", "bottom"] as const);
  const units = unitsOf(elements).sort((one, other) => one.box[from] + one.box[to] - other.box[from] - other.box[to]);
  if (units.length < 3) return new Map();
  const room = Math.max(...units.map(({ box }) => box[to])) - units[0]!.box[from];
  const taken = units.reduce((sum, { box }) => sum + box[to] - box[from], 0);
  const gap = (room - taken) / (units.length - 1);
  let at = units[0]!.box[from];
  return new Map(
    units.flatMap(({ elements: inside, box }) => {
      const by = at - box[from];
      at += box[to] - box[from] + gap;
      return along === "across" ? shifted(inside, by, 0) : shifted(inside, 0, by);
    }),
  );
}

/** As if the lower right corner were dragged so far. */
export function enlarged(elements: readonly Element[], dx: number, dy: number): Map<string, Changed> {
  const frame = frameOf(elements);
  if (!frame) return new Map();
  const middle = centre(frame.box);
  const [cos, sin] = [Math.cos(frame.angle), Math.sin(frame.angle)];
  const [x, y] = [frame.box.right + dx - middle.x, frame.box.bottom + dy - middle.y];
  return resized(elements, "se", { x: middle.x + x * cos - y * sin, y: middle.y + x * sin + y * cos }, false);
}
