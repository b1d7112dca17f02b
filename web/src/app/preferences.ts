/** What somebody chose for this browser: it stays here, and the server doesn't know. */
import { effect, signal, type Signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

function stored<Value extends string>(name: string, values: readonly Value[]): Signal<Value> {
  const key = `chalkline.${name}`;
  const kept = read(key);
  const chosen = signal<Value>(values.find((value) => value === kept) ?? values[0]!);
  effect(() => write(key, chosen.value));
  globalThis.addEventListener?.("storage", (event) => {
    const value = values.find((one) => one === event.newValue);
    if (event.key === key && value !== undefined) chosen.value = value;
  });
  return chosen;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage may be switched off: then choices last as long as the page.
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

export const theme = stored<Theme>("theme", ["system", "light", "dark"]);

/** Shortcuts of a single key can get in the way of speech input (WCAG 2.1.4), so they can be switched off. */
export const singleKeys = stored("single-keys", ["on", "off"]);

export const membersPane = stored("members-pane", ["open", "closed"]);

export function applyTheme(): void {
  effect(() => {
    const chosen = theme.value;
    if (chosen === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = chosen;
  });
}
