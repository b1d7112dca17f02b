/** Whether the channels are drawn in, on a screen too narrow to show them beside the view. */
import { signal } from "@preact/signals";

export const isDrawerOpen = signal(false);

let opener: HTMLElement | null = null;

export function openDrawer(): void {
  opener = document.activeElement as HTMLElement | null;
  isDrawerOpen.value = true;
  requestAnimationFrame(() => document.querySelector<HTMLElement>(".sidebar a, .sidebar button")?.focus());
}

/** Gives the focus back to what opened it, if it is still there. */
export function closeDrawer(): void {
  if (!isDrawerOpen.peek()) return;
  isDrawerOpen.value = false;
  requestAnimationFrame(() => {
    const isLost = document.activeElement === document.body || document.activeElement?.closest(".sidebar");
    if (opener?.isConnected && isLost) opener.focus();
  });
}
