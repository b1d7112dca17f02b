/** Where the keyboard is in the chat. */

export const COMPOSER_ID = "composer";
export const THREAD_COMPOSER_ID = "thread-composer";

export function focusComposer(place: "channel" | "thread" = "channel"): void {
  document.getElementById(place === "thread" ? THREAD_COMPOSER_ID : COMPOSER_ID)?.focus();
}

/** On screens that are touched the keyboard would cover half of what one came to see. */
export const hasKeyboard = (): boolean => !touch?.matches;

const touch = globalThis.matchMedia?.("(pointer: coarse)");
