/** Pictures inside a sketch: small enough to be part of it, decoded once. */

import { MAX_IMAGE_BYTES, type Style } from "./elements";

const LONGEST_SIDE = 1600;
const pictures = new WeakMap<Style, ImageBitmap | null>();
const listeners = new Set<() => void>();

/** Null until it is decoded; whoever listens is told then. */
export function pictureOf(style: Style): ImageBitmap | null {
  const known = pictures.get(style);
  if (known !== undefined) return known;
  pictures.set(style, null);
  if (style.image) {
    const blob = new Blob([style.image as Uint8Array<ArrayBuffer>], { type: style.mime ?? "image/png" });
    createImageBitmap(blob).then(
      (picture) => {
        pictures.set(style, picture);
        for (const listener of listeners) listener();
      },
      () => undefined, // what is no picture stays a grey box
    );
  }
  return null;
}

export function onPicture(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export interface Inlaid {
  readonly image: Uint8Array;
  readonly mime: "image/webp" | "image/jpeg";
  readonly width: number;
  readonly height: number;
}

/** A file as part of a sketch: drawn anew, smaller and coarser until it fits. Rejects for what is no picture.
 *
 * The one place that says what of a picture the document holds, as `pictureOf` is the one that reads it.
 */
export async function inlay(file: Blob): Promise<Inlaid> {
  const picture = await createImageBitmap(file);
  let factor = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  for (let quality = 0.9; ; quality -= 0.15) {
    const [width, height] = [Math.round(picture.width * factor), Math.round(picture.height * factor)];
    const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
    canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/webp", quality });
    if (blob.size <= MAX_IMAGE_BYTES) {
      const mime = blob.type === "image/webp" ? "image/webp" : "image/jpeg";
      return { image: new Uint8Array(await blob.arrayBuffer()), mime, width, height };
    }
    if (quality < 0.5) {
      quality = 0.9;
      factor *= 0.7;
    }
  }
}
