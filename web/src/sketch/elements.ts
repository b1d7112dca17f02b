/** What a sketch is made of, as docs/protocol.md ("What a sketch is made of") says and the server checks. */

export type Kind =
  | "stroke"
  | "highlight"
  | "line"
  | "arrow"
  | "rectangle"
  | "ellipse"
  | "diamond"
  | "text"
  | "note"
  | "image"
  | "frame";

export type Head = "none" | "arrow" | "triangle" | "dot" | "bar" | "diamond";
export type FillStyle = "solid" | "hachure" | "cross-hatch" | "zigzag";
export type StrokeStyle = "solid" | "dashed" | "dotted";

/** One register of the document: a change of any field writes the whole, and a move writes none of it. */
export interface Style {
  readonly kind: Kind;
  readonly color?: string;
  readonly fill?: string;
  readonly fill_style?: FillStyle;
  readonly stroke_width?: number;
  readonly stroke_style?: StrokeStyle;
  readonly opacity?: number;
  readonly round?: boolean;
  /** `points.ts`; relative to the element's place. */
  readonly points?: Uint8Array;
  readonly width?: number;
  readonly height?: number;
  readonly text?: string;
  readonly font_size?: number;
  readonly align?: "left" | "center" | "right";
  readonly valign?: "top" | "middle" | "bottom";
  readonly start_head?: Head;
  readonly end_head?: Head;
  /** The element that a line begins or ends at. */
  readonly start?: string;
  readonly end?: string;
  readonly group?: string;
  readonly link?: string;
  readonly locked?: boolean;
  readonly image?: Uint8Array;
  readonly mime?: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
  /** Who drew it. */
  readonly by?: number;
  readonly extra?: string;
}

/** `[x, y, angle, scale, z]`: the other register. Pixels, radians, a factor, and what lies above what. */
export type Place = readonly [number, number, number, number, number];

export interface Element {
  readonly id: string;
  readonly style: Style;
  readonly place: Place;
}

export const MAX_ELEMENTS = 32_000;
export const MAX_TEXT = 8_000;
export const MAX_IMAGE_BYTES = 256 * 1024;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => ALPHABET[byte & 63]).join("");
}

export const isLine = (kind: Kind): boolean => kind === "line" || kind === "arrow";
export const isInk = (kind: Kind): boolean => kind === "stroke" || kind === "highlight";
export const hasPoints = (kind: Kind): boolean => isInk(kind) || isLine(kind);
export const holdsText = (kind: Kind): boolean => ["text", "note", "rectangle", "ellipse", "diamond"].includes(kind);

/** For people who can't see it. */
export const NAMES: Record<Kind, string> = {
  stroke: "Pen stroke",
  highlight: "Highlight",
  line: "Line",
  arrow: "Arrow",
  rectangle: "Rectangle",
  ellipse: "Ellipse",
  diamond: "Diamond",
  text: "Text",
  note: "Sticky note",
  image: "Image",
  frame: "Frame",
};
