/** Colours on a dark board: the lightness is turned over, the hue stays. Colours in the document are those of a light one. */

import type { Tint } from "./paint";

const DARKEST = 0.1;
const kept = new Map<string, string>();
const asIs: Tint = (color) => color;

export function isDark(root: HTMLElement): boolean {
  const theme = root.dataset["theme"];
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export const tintOf = (root: HTMLElement): Tint => (isDark(root) ? tinted : asIs);

export function tinted(color: string): string {
  let found = kept.get(color);
  if (found === undefined) {
    found = turnedOver(color);
    kept.set(color, found);
  }
  return found;
}

/** `#rgb` and `#rrggbb`; names stay as they are. */
export function turnedOver(color: string): string {
  const hex = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(color);
  if (!hex) return color === "black" ? "#e6e6e6" : color === "white" ? "#1a1a1a" : color;
  const digits = hex[2] ?? Array.from(hex[1]!, (digit) => digit + digit).join("");
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16) / 255) as [
    number,
    number,
    number,
  ];
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const lightness = (most + least) / 2;
  const wanted = DARKEST + (1 - lightness) * (1 - DARKEST);
  const saturation = most === least ? 0 : (most - least) / (1 - Math.abs(2 * lightness - 1));
  return `hsl(${Math.round(hue(red, green, blue))} ${Math.round(saturation * 90)}% ${Math.round(wanted * 100)}%)`;
}

function hue(red: number, green: number, blue: number): number {
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const span = most - least;
  if (!span) return 0;
  const sixth =
    most === red ? (green - blue) / span : most === green ? 2 + (blue - red) / span : 4 + (red - green) / span;
  return (sixth * 60 + 360) % 360;
}
