/** Times as people say them, in the language and zone of the browser. */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const withYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

export const clockTime = (iso: string): string => clock.format(new Date(iso));
export const fullTime = (iso: string): string => full.format(new Date(iso));
export const dateOf = (iso: string): string => date.format(new Date(iso));

/** Equal for times of the same day here, and cheap to compare. */
export function dayOf(iso: string): number {
  const at = new Date(iso);
  return at.getFullYear() * 512 + at.getMonth() * 32 + at.getDate();
}

export function dayName(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  const days = Math.round((midnight(at) - midnight(now)) / (DAY * 1000));
  if (days === 0 || days === -1) return capital(relative.format(days, "day"));
  return at.getFullYear() === now.getFullYear() ? weekday.format(at) : withYear.format(at);
}

export function ago(iso: string, now: Date = new Date()): string {
  const seconds = (Date.parse(iso) - now.getTime()) / 1000;
  const size = Math.abs(seconds);
  if (size < MINUTE) return "just now";
  if (size < HOUR) return relative.format(Math.round(seconds / MINUTE), "minute");
  if (size < DAY) return relative.format(Math.round(seconds / HOUR), "hour");
  return size < 30 * DAY ? relative.format(Math.round(seconds / DAY), "day") : dateOf(iso);
}

function midnight(at: Date): number {
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
