/** The points of ink and lines, packed: numbers in groups of 7 bits, the lowest first, the last below 128 (LEB128).
 *
 * First how hard it was pressed: 1 to 256 is one more than the pressure of every point, 0 says that each has its own.
 * Then each point: dx and dy to the one before, in eighths of a pixel, and where each has its own, what its pressure is
 * more than the one before. Steps are signed: 0, -1, 1, -2, 2 … are written as 0, 1, 2, 3, 4 …
 */

export interface Point {
  readonly x: number;
  readonly y: number;
  /** 0 to 1. */
  readonly pressure: number;
}

export const MAX_POINTS = 10_000;
const UNITS = 8;
/** Of 255: what devices tell that know no pressure. */
const NO_PRESSURE = 128;
const FARTHEST_STEP = 32767;
/** Each point has its own pressure. */
const OWN = 0;
/** Three groups of seven bits are the longest number. */
const LONGEST_SHIFT = 14;

/** To the nearest place that points can have: then a place is short, too. */
export const snap = (value: number): number => Math.round(value * UNITS) / UNITS;

/** Long steps are split. */
export function packPoints(points: readonly Point[]): Uint8Array {
  const steps = stepsOf(points).slice(0, MAX_POINTS);
  if (!steps.length) return new Uint8Array();
  const first = steps[0]!.pressure;
  const isEven = steps.every(({ pressure }) => pressure === first);
  const bytes: number[] = [];
  write(bytes, isEven ? first + 1 : OWN);
  let before = 0;
  for (const { dx, dy, pressure } of steps) {
    write(bytes, folded(dx));
    write(bytes, folded(dy));
    if (!isEven) write(bytes, folded(pressure - before));
    before = pressure;
  }
  return Uint8Array.from(bytes);
}

function stepsOf(points: readonly Point[]) {
  const steps: { dx: number; dy: number; pressure: number }[] = [];
  let [atX, atY] = [0, 0];
  for (const point of points) {
    const pressure = Math.round(Math.min(1, Math.max(0, point.pressure)) * 255);
    let dx = Math.round(point.x * UNITS) - atX;
    let dy = Math.round(point.y * UNITS) - atY;
    const parts = Math.max(1, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) / FARTHEST_STEP));
    for (let left = parts; left > 0; left--) {
      const [stepX, stepY] = [Math.round(dx / left), Math.round(dy / left)];
      steps.push({ dx: stepX, dy: stepY, pressure });
      dx -= stepX;
      dy -= stepY;
      atX += stepX;
      atY += stepY;
    }
  }
  return steps;
}

const folded = (step: number): number => (step < 0 ? -2 * step - 1 : 2 * step);
const unfolded = (value: number): number => (value >>> 1) ^ -(value & 1);

function write(bytes: number[], value: number): void {
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
}

/** Every point, without making objects of them: a large sketch opens with half a million. What is cut off is left out. */
function each(packed: Uint8Array, take: (x: number, y: number, pressure: number) => void): void {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; at < packed.length && shift <= LONGEST_SHIFT; shift += 7) {
      const byte = packed[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    at = Infinity;
    return 0;
  };
  const shared = next();
  let [x, y, pressure] = [0, 0, Math.max(0, shared - 1)];
  while (at < packed.length) {
    x += unfolded(next());
    y += unfolded(next());
    if (shared === OWN) pressure += unfolded(next());
    if (at <= packed.length) take(x / UNITS, y / UNITS, Math.min(255, Math.max(0, pressure)) / 255);
  }
}

export function unpackPoints(packed: Uint8Array): Point[] {
  const points: Point[] = [];
  each(packed, (x, y, pressure) => points.push({ x, y, pressure }));
  return points;
}

/** What the points cover. */
export function packedBox(packed: Uint8Array) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  each(packed, (x, y) => {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  });
  return left === Infinity ? undefined : { left, top, right, bottom };
}

/** Whether the device told how hard it was pressed. */
export const hasPressure = (path: readonly Point[]): boolean =>
  path.some(({ pressure }) => Math.round(pressure * 255) !== NO_PRESSURE);
