/** Arrows that hold on to elements: their ends follow when those are moved. Pure, but for reading the document. */

import type { SketchDocument } from "./document";
import { type Element, isLine, type Place, type Style } from "./elements";
import { packPoints } from "./points";
import { type Box, boxOf, centre, grown, height, points, toBoard, type Vector, width } from "./geometry";

const GAP = 6;
const REACH = 12;

/** What a line from one place to another begins and ends at. */
export function boundEnds(document: SketchDocument, from: Vector, to: Vector): Partial<Style> {
  const [start, end] = [elementAt(document, from), elementAt(document, to)];
  return { ...(start && { start }), ...(end && end !== start && { end }) };
}

function elementAt(document: SketchDocument, at: Vector): string | undefined {
  const near = document.in(grown({ left: at.x, right: at.x, top: at.y, bottom: at.y }, REACH));
  const areas = near.filter(({ style }) =>
    ["rectangle", "ellipse", "diamond", "note", "text", "image"].includes(style.kind),
  );
  return areas.at(-1)?.id;
}

export interface Rerouted {
  readonly style: Style;
  readonly place: Place;
}

/** The lines that hold on to any of these elements, as they are when those are at `places`. */
export function rerouted(document: SketchDocument, places: ReadonlyMap<string, Place>): Map<string, Rerouted> {
  const lines = new Map<string, Rerouted>();
  for (const element of document.ordered()) {
    const { id, style } = element;
    if (!isLine(style.kind) || places.has(id)) continue;
    if (!places.has(style.start ?? "") && !places.has(style.end ?? "")) continue;
    const line = route(document, element, places);
    if (line) lines.set(id, line);
  }
  return lines;
}

function route(
  document: SketchDocument,
  { style, place }: Element,
  places: ReadonlyMap<string, Place>,
): Rerouted | null {
  const path = points(style).map((point) => toBoard(style, place, point));
  const [first, last] = [path[0], path.at(-1)];
  if (!first || !last) return null;
  const [startBox, endBox] = [boxAt(document, style.start, places), boxAt(document, style.end, places)];
  const start = startBox ? edge(startBox, endBox ? centre(endBox) : last) : first;
  const end = endBox ? edge(endBox, startBox ? centre(startBox) : first) : last;
  const ends = [start, end].map(({ x, y }) => ({ x: x - start.x, y: y - start.y, pressure: 0.5 }));
  return { style: { ...style, points: packPoints(ends) }, place: [start.x, start.y, 0, 1, place[4]] };
}

function boxAt(document: SketchDocument, id: string | undefined, places: ReadonlyMap<string, Place>): Box | null {
  const element = id ? document.get(id) : undefined;
  if (!element) return null;
  return grown(boxOf({ ...element, place: places.get(element.id) ?? element.place }), GAP);
}

/** Where the way from the middle of a box to a place leaves the box. */
export function edge(box: Box, toward: Vector): Vector {
  const middle = centre(box);
  const [dx, dy] = [toward.x - middle.x, toward.y - middle.y];
  if (!dx && !dy) return middle;
  const part = Math.min(width(box) / 2 / Math.abs(dx || 1e-9), height(box) / 2 / Math.abs(dy || 1e-9));
  return { x: middle.x + dx * Math.min(1, part), y: middle.y + dy * Math.min(1, part) };
}
