/** Breaks the text of an element into the lines that are drawn. */

import type { Style } from "./elements";

const kept = new WeakMap<Style, { room: number; lines: readonly string[] }>();

/** At spaces where there are some, in words that are too long for a line. `measure` gives pixels. */
export function linesOf(style: Style, room: number, measure: (text: string) => number): readonly string[] {
  const known = kept.get(style);
  if (known?.room === room) return known.lines;
  const lines = (style.text ?? "").split("\n").flatMap((line) => wrap(line, room, measure));
  kept.set(style, { room, lines });
  return lines;
}

export function wrap(line: string, room: number, measure: (text: string) => number): string[] {
  if (measure(line) <= room) return [line];
  const lines: string[] = [];
  let now = "";
  for (const word of line.split(/(?<=\s)/)) {
    if (now && measure((now + word).trimEnd()) > room) {
      lines.push(now.trimEnd());
      now = "";
    }
    now += word;
    while (measure(now.trimEnd()) > room && now.length > 1) {
      const fits = longestThatFits(now, room, measure);
      lines.push(now.slice(0, fits));
      now = now.slice(fits);
    }
  }
  lines.push(now.trimEnd());
  return lines;
}

function longestThatFits(text: string, room: number, measure: (text: string) => number): number {
  let [low, high] = [1, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(text.slice(0, middle)) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
}
