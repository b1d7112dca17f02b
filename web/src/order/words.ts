/** What reports, bans and mutes are called. */
import type { Report } from "../protocol/wire";
import { ago, dateOf, clockTime, dayOf } from "../ui/time";

export const REASONS: Record<Report["reason"], string> = {
  spam: "Spam",
  abuse: "Abuse",
  illegal: "Against the law",
  off_topic: "Off topic",
  other: "Something else",
};

export const STATES: Record<Report["state"], string> = { open: "Open", resolved: "Resolved", dismissed: "Dismissed" };

/** What has no end lasts until this year. */
const FOR_EVER = 9999;

export const isForGood = (until: string): boolean => new Date(until).getUTCFullYear() >= FOR_EVER;

/** "until 14:30", "until 3 Dec 2026, 14:30"; empty for what has no end. */
export function untilWords(until: string, now: Date = new Date()): string {
  if (isForGood(until)) return "";
  const day = dayOf(until) === dayOf(now.toISOString()) ? "" : `${dateOf(until)}, `;
  return `until ${day}${clockTime(until)}`;
}

/** For a list: how long something still holds. */
export const lasting = (until: string): string =>
  isForGood(until) ? "for good" : `${untilWords(until)} (${ago(until)})`;

/** How long a ban or a mute may last, in hours; 0 has no end. */
export const TERMS: readonly { hours: number; label: string }[] = [
  { hours: 1, label: "1 hour" },
  { hours: 8, label: "8 hours" },
  { hours: 24, label: "1 day" },
  { hours: 72, label: "3 days" },
  { hours: 168, label: "1 week" },
  { hours: 720, label: "30 days" },
  { hours: 0, label: "For good" },
];

/** Why one can’t write, in the composer’s place. */
export function mutedWords(until: string, reason: string | undefined): string {
  const end = untilWords(until);
  return `A moderator muted you here${end ? ` ${end}` : ""}. You can read along.${reason ? ` Their reason: ${reason}` : ""}`;
}
