/** The emoji one used last, and the skin tone one chose: kept in this browser. */
import { computed, effect, signal } from "@preact/signals";

const KEY = "chalkline.emoji";
const TONE_KEY = "chalkline.emoji-tone";
const MOST = 24;
const USUAL = ["👍", "❤️", "😂", "🎉", "👀", "🙏"];

const used = signal<readonly string[]>(read(KEY)?.split(" ").filter(Boolean) ?? []);
export const tone = signal(read(TONE_KEY) ?? "");

effect(() => write(KEY, used.value.join(" ")));
effect(() => write(TONE_KEY, tone.value));

export const recent = computed(() => used.value);

/** A few to react with at once: those one uses, then those that everybody does. */
export const quick = computed(() => [...new Set([...used.value.slice(0, 6), ...USUAL])].slice(0, 6));

export function remember(emoji: string): void {
  used.value = [emoji, ...used.value.filter((one) => one !== emoji)].slice(0, MOST);
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage may be switched off: then it lasts as long as the page.
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}
