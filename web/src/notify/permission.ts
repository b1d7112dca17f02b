/** Whether this browser may tell of calls while the page is in the background. Asked only when somebody wants it. */
import { computed, effect, signal } from "@preact/signals";

const KEY = "chalkline.notifications";

type Permission = "default" | "granted" | "denied" | "unsupported";

const permission = signal<Permission>(now());
const isWanted = signal(read() === "on");

effect(() => {
  try {
    localStorage.setItem(KEY, isWanted.value ? "on" : "off");
  } catch {
    // Without storage it lasts as long as the page.
  }
});

export const notifications = computed<"on" | "off" | "denied" | "unsupported">(() => {
  if (permission.value === "unsupported" || permission.value === "denied") return permission.value;
  return isWanted.value && permission.value === "granted" ? "on" : "off";
});

/** On somebody's own doing only. */
export async function allowNotifications(): Promise<void> {
  if (permission.value === "unsupported") return;
  permission.value = await Notification.requestPermission();
  isWanted.value = permission.value === "granted";
}

export function stopNotifications(): void {
  isWanted.value = false;
}

function now(): Permission {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
