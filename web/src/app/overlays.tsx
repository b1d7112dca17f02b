/** The windows over the page: any view may open one, and there is one at a time. */
import { signal } from "@preact/signals";
import type { VNode } from "preact";

const shown = signal<VNode | null>(null);

export function openOverlay(overlay: VNode): void {
  shown.value = overlay;
}

export function closeOverlay(): void {
  shown.value = null;
}

export const isOverlayOpen = (): boolean => shown.value !== null;

export function Overlays() {
  return shown.value;
}
