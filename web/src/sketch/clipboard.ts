/** Copying and pasting elements, also from one sketch to another, and pictures and texts from anywhere. */

import { fromBase64, toBase64 } from "lib0/buffer";
import { fromView } from "./camera";
import type { Board } from "./board";
import { type Element, newId, type Place, type Style } from "./elements";
import { boxOf, centre, union, type Vector } from "./geometry";
import { inlay } from "./images";

const MARK = "chalkline-elements:";
const BESIDE = 16;
const MOST = 2_000;

export async function copySelected(board: Board): Promise<void> {
  const text = MARK + JSON.stringify(board.selected().map(pack));
  await navigator.clipboard.writeText(text).catch(() => {});
}

const pack = ({ style, place }: Element) => ({
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
  const picture = Array.from(data.files).find((file) => file.type.startsWith("image/"));
  if (picture) return addPicture(board, picture, middle(board));
  const text = data.getData("text/plain");
  const elements = text.startsWith(MARK) ? unpack(text.slice(MARK.length)) : null;
  if (elements) {
    const box = union(elements.map(boxOf));
    const to = middle(board);
    if (box) addAll(board, elements, { x: to.x - centre(box).x, y: to.y - centre(box).y });
  } else if (text.trim()) {
    const { color, font_size } = board.look.value;
    board.finish([board.add({ kind: "text", text: text.slice(0, 8_000), color, font_size }, middle(board))]);
  }
}

export async function addPicture(board: Board, file: Blob, at: Vector): Promise<void> {
  const { width, height, ...picture } = await inlay(file);
  const shown = Math.min(1, 480 / Math.max(width, height));
  const size = { width: Math.round(width * shown), height: Math.round(height * shown) };
  const place = { x: at.x - size.width / 2, y: at.y - size.height / 2 };
  board.finish([board.add({ kind: "image", ...picture, ...size }, place)]);
}

function middle(board: Board): Vector {
  const { width, height } = board.size.value;
  return fromView(board.camera.value, board.size.value, { x: width / 2, y: height / 2 });
}

/** Null for what isn't ours: the clipboard may hold anything. */
function unpack(text: string): Element[] | null {
  try {
    const found = JSON.parse(text) as { style: Record<string, unknown>; place: Place }[];
    return found.slice(0, MOST).map(({ style, place }) => {
      for (const name of ["points", "image"]) {
        if (typeof style[name] === "string") style[name] = fromBase64(style[name]);
      }
      return { id: newId(), style: style as unknown as Style, place };
    });
  } catch {
    return null;
  }
}

/** As copies, with groups of their own, above everything. */
function addAll(board: Board, elements: readonly Element[], by: Vector): void {
  const groups = new Map<string, string>();
  const ids: string[] = [];
  const above = board.document.top() + 1;
  board.document.step(() => {
    elements.forEach(({ style, place }, index) => {
      const { group, start: _, end: __, ...rest } = style;
      if (group && !groups.has(group)) groups.set(group, newId());
      const [x, y, angle, scale] = place;
      const at = { x: x + by.x, y: y + by.y };
      ids.push(
        board.document.add({ ...rest, ...(group && { group: groups.get(group)! }) }, at, {
          angle,
          scale,
          z: above + index,
        }),
      );
    });
  });
  board.finish(ids);
}
