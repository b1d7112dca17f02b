/** Copying and pasting elements, also from one sketch to another, and pictures and texts from anywhere. */

import { fromBase64, toBase64 } from "lib0/buffer";
import { fromView } from "./camera";
import type { Board } from "./board";
import { type Element, newId, type Place } from "./elements";
import { boxOf, centre, union, type Vector } from "./geometry";
import { inlay } from "./images";
import { readStyle } from "./read-style";
import { measured } from "./text-size";

const KIND = "application/vnd.chalkline.elements+json";
const BESIDE = 16;
const MOST = 2_000;
const MOST_PICTURES = 20;

/** False where nothing is selected. */
export function copySelected(board: Board, data: DataTransfer): boolean {
  const chosen = board.selected();
  if (!chosen.length) return false;
  const words = chosen.map(({ style }) => style.text?.trim()).filter(Boolean);
  data.setData(KIND, JSON.stringify(chosen.map(pack)));
  data.setData("text/plain", words.join("\n\n"));
  return true;
}

const pack = ({ id, style, place }: Element) => ({
  id,
  place,
  style: {
    ...style,
    ...(style.points && { points: toBase64(style.points) }),
    ...(style.image && { image: toBase64(style.image) }),
  },
});

export function duplicateSelected(board: Board): void {
  addAll(board, board.selected(), { x: BESIDE, y: BESIDE });
}

/** What is on the clipboard, in the middle of the view. */
export async function paste(board: Board, data: DataTransfer): Promise<void> {
  if (!board.mayDraw) return;
  const pictures = Array.from(data.files).filter((file) => file.type.startsWith("image/"));
  if (pictures.length) return addPictures(board, pictures, middle(board));
  const text = data.getData("text/plain");
  const elements = unpack(data.getData(KIND));
  if (elements) {
    const box = union(elements.map(boxOf));
    const to = middle(board);
    if (box) addAll(board, elements, { x: to.x - centre(box).x, y: to.y - centre(box).y });
  } else if (text.trim()) {
    const { color, font_size } = board.look.value;
    const words = text.trimEnd().slice(0, 8_000);
    const size = measured(words, font_size);
    const at = middle(board);
    const place = { x: at.x - size.width / 2, y: at.y - size.height / 2 };
    board.finish([board.add({ kind: "text", text: words, color, font_size, ...size }, place)]);
  }
}

/** One beside the other; rejects for what is no picture, and then those before it are there. */
export async function addPictures(board: Board, files: readonly Blob[], at: Vector): Promise<void> {
  const ids: string[] = [];
  let left = at.x;
  for (const file of files.slice(0, MOST_PICTURES)) {
    const { width, height, ...picture } = await inlay(file);
    const shown = Math.min(1, 480 / Math.max(width, height));
    const size = { width: Math.round(width * shown), height: Math.round(height * shown) };
    if (!ids.length) left -= size.width / 2;
    ids.push(board.add({ kind: "image", ...picture, ...size }, { x: left, y: at.y - size.height / 2 }));
    left += size.width + BESIDE;
  }
  board.finish(ids);
}

function middle(board: Board): Vector {
  const { width, height } = board.size.value;
  return fromView(board.camera.value, board.size.value, { x: width / 2, y: height / 2 });
}

/** Null for what isn't ours: the clipboard may hold anything. */
function unpack(text: string): Element[] | null {
  try {
    const found = JSON.parse(text) as { id: unknown; style: Record<string, unknown>; place: unknown }[];
    return found.slice(0, MOST).flatMap(({ id, style, place }) => {
      for (const name of ["points", "image"]) {
        if (typeof style[name] === "string") style[name] = fromBase64(style[name]);
      }
      const good = readStyle(style);
      return good && isPlace(place) ? [{ id: String(id), style: good, place }] : [];
    });
  } catch {
    return null;
  }
}

const isPlace = (value: unknown): value is Place =>
  Array.isArray(value) && value.length === 5 && value.every(Number.isFinite);

/** As copies, with groups of their own, above everything; lines between them hold on to the copies. */
function addAll(board: Board, elements: readonly Element[], by: Vector): void {
  const groups = new Map<string, string>();
  const names = new Map(elements.map(({ id }) => [id, newId()]));
  const above = board.document.top() + 1;
  board.document.step(() => {
    elements.forEach(({ id, style, place }, index) => {
      const { group, start, end, ...rest } = style;
      if (group && !groups.has(group)) groups.set(group, newId());
      const [x, y, angle, scale] = place;
      const ends = {
        ...(names.has(start ?? "") && { start: names.get(start!)! }),
        ...(names.has(end ?? "") && { end: names.get(end!)! }),
      };
      board.document.add(
        { ...rest, ...ends, ...(group && { group: groups.get(group)! }) },
        { x: x + by.x, y: y + by.y },
        { angle, scale, z: above + index },
        names.get(id)!,
      );
    });
  });
  board.finish(Array.from(names.values()));
}
