/** The look of an element from somebody who may say anything: fields that aren't as they should be are left out. */

import { type Kind, NAMES, type Style } from "./elements";

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => Number.isFinite(value);
const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const isBytes: Check = (value) => value instanceof Uint8Array;
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value as string);
const isHead = oneOf("none", "arrow", "triangle", "dot", "bar", "diamond");

const FIELDS: { readonly [Name in keyof Style]-?: Check } = {
  kind: (value) => isText(value) && Object.hasOwn(NAMES, value as Kind),
  color: isText,
  fill: isText,
  fill_style: oneOf("solid", "hachure", "cross-hatch", "zigzag"),
  stroke_width: isNumber,
  stroke_style: oneOf("solid", "dashed", "dotted"),
  opacity: isNumber,
  round: isFlag,
  points: isBytes,
  width: isNumber,
  height: isNumber,
  text: isText,
  font_size: isNumber,
  align: oneOf("left", "center", "right"),
  valign: oneOf("top", "middle", "bottom"),
  start_head: isHead,
  end_head: isHead,
  start: isText,
  end: isText,
  group: isText,
  link: isText,
  locked: isFlag,
  image: isBytes,
  mime: oneOf("image/png", "image/jpeg", "image/gif", "image/webp"),
  by: isNumber,
  extra: isText,
};

/** Null for what has no kind. */
export function readStyle(given: Readonly<Record<string, unknown>>): Style | null {
  const good = Object.entries(given).filter(
    ([name, value]) => Object.hasOwn(FIELDS, name) && FIELDS[name as keyof Style](value),
  );
  const style = Object.fromEntries(good) as unknown as Style;
  return style.kind ? style : null;
}
