/** Where the keyboard is in the chat. */

export const COMPOSER_ID = "composer";

export function focusComposer(): void {
  document.getElementById(COMPOSER_ID)?.focus();
}

/** On screens that are touched the keyboard would cover half of what one came to see. */
export const hasKeyboard = (): boolean => !touch?.matches;

const touch = globalThis.matchMedia?.("(pointer: coarse)");
