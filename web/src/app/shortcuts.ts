/** Every shortcut in one table: the keys, what they do, and the words for the sheet. */
import { singleKeys } from "./preferences";
import { MOD } from "../words";

export interface Shortcut {
  /** As shown; `Mod` is Ctrl or ⌘. */
  keys: string;
  words: string;
  group: "Anywhere" | "Channels" | "Messages" | "Writing" | "Tools" | "Drawing";
  run?: () => void;
}

const shortcuts = new Map<string, Shortcut>();

/** Adds shortcuts for as long as a view is there; gives what takes them away again. */
export function addShortcuts(list: readonly Shortcut[]): () => void {
  for (const shortcut of list) shortcuts.set(shortcut.keys, shortcut);
  return () => {
    for (const shortcut of list) if (shortcuts.get(shortcut.keys) === shortcut) shortcuts.delete(shortcut.keys);
  };
}

export const allShortcuts = (): Shortcut[] => [...shortcuts.values()];

export const shownKeys = (keys: string): string[] => keys.split("+").map((key) => (key === "Mod" ? MOD : key));

export function listenForShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const isModified = event.ctrlKey || event.metaKey || event.altKey;
    if (!isModified && event.key !== "Escape" && (singleKeys.value === "off" || isTyping(event.target))) return;
    if (document.querySelector("dialog[open]") && event.key !== "Escape" && !isModified) return;
    const shortcut = shortcuts.get(pressed(event));
    if (!shortcut?.run) return;
    event.preventDefault();
    shortcut.run();
  });
}

export function pressed(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key.replace(/^Arrow/, "");
  const named = { Up: "↑", Down: "↓", Escape: "Esc" }[key] ?? key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && key !== "?") parts.push("Shift");
  return [...parts, named].join("+");
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")
  );
}
