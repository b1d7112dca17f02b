/** What part of the board is seen: pan and zoom. */

import type { Box, Vector } from "./geometry";
import { height, width } from "./geometry";

/** The board's place at the middle of the view, and how large it is shown. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const LEAST_ZOOM = 0.05;
export const MOST_ZOOM = 20;
const MARGIN = 48;

export const START: Camera = { x: 0, y: 0, zoom: 1 };

export const toView = (camera: Camera, size: Size, at: Vector): Vector => ({
  x: (at.x - camera.x) * camera.zoom + size.width / 2,
  y: (at.y - camera.y) * camera.zoom + size.height / 2,
});

export const fromView = (camera: Camera, size: Size, at: Vector): Vector => ({
  x: (at.x - size.width / 2) / camera.zoom + camera.x,
  y: (at.y - size.height / 2) / camera.zoom + camera.y,
});

export const panned = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x - dx / camera.zoom,
  y: camera.y - dy / camera.zoom,
});

/** So that what is under `at`, a place of the view, stays there. */
export function zoomed(camera: Camera, size: Size, at: Vector, factor: number): Camera {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, camera.zoom * factor));
  const fixed = fromView(camera, size, at);
  return {
    x: fixed.x - (at.x - size.width / 2) / zoom,
    y: fixed.y - (at.y - size.height / 2) / zoom,
    zoom,
  };
}

export function seen(camera: Camera, size: Size): Box {
  const [halfWidth, halfHeight] = [size.width / 2 / camera.zoom, size.height / 2 / camera.zoom];
  return {
    left: camera.x - halfWidth,
    top: camera.y - halfHeight,
    right: camera.x + halfWidth,
    bottom: camera.y + halfHeight,
  };
}

/** All of a box, never larger than it is. */
export function fitting(box: Box, size: Size): Camera {
  const room = Math.min(
    (size.width - 2 * MARGIN) / Math.max(1, width(box)),
    (size.height - 2 * MARGIN) / Math.max(1, height(box)),
  );
  return {
    x: (box.left + box.right) / 2,
    y: (box.top + box.bottom) / 2,
    zoom: Math.min(1, Math.max(LEAST_ZOOM, room)),
  };
}
