/** Whether the channels are drawn in, on a screen too narrow to show them beside the view. */
import { signal } from "@preact/signals";

export const isDrawerOpen = signal(false);

export function openDrawer(): void {
  isDrawerOpen.value = true;
  requestAnimationFrame(() => document.querySelector<HTMLElement>(".sidebar a, .sidebar button")?.focus());
}

export function closeDrawer(): void {
  isDrawerOpen.value = false;
}
