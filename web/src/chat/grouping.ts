/** Which messages stand together under one name, and where a day or the unread ones begin. */
import type { Row } from "../state";
import { dayOf } from "../ui/time";
import { isSameAuthor } from "./author";

const TOGETHER_MS = 5 * 60_000;

export interface Placing {
  /** Shows its author's name and face. */
  isFirst: boolean;
  /** Shows what it replies to. */
  quotes: boolean;
  /** The first of its day among those that are known. */
  startsDay: boolean;
  /** The first unread one. */
  startsUnread: boolean;
}

interface Moment {
  day: number;
  milliseconds: number;
}

const moments = new WeakMap<object, Moment>();

/** Parsed once for each message: rows are placed anew with every message that arrives. */
function moment(row: Row): Moment {
  const posting = row.message ?? row.pending;
  let known = moments.get(posting);
  if (!known) {
    known = { day: dayOf(posting.created_at), milliseconds: Date.parse(posting.created_at) };
    moments.set(posting, known);
  }
  return known;
}

export const rowTime = (row: Row): string => (row.message ?? row.pending).created_at;

export const rowSeq = (row: Row): number | null => (row.message ?? row.pending).seq;

/** One's own rows may still be pending; then the author is oneself. */
export const rowAuthor = (row: Row, me: number): number => row.message?.author_id ?? me;

export function placing(row: Row, before: Row | undefined, me: number, unreadAfter: number | null): Placing {
  const startsDay = !before || moment(before).day !== moment(row).day;
  const startsUnread = beginsUnread(row, before, unreadAfter);
  const isFirst = startsDay || startsUnread || !continues(row, before!, me);
  return { isFirst, quotes: quotes(row, before), startsDay, startsUnread };
}

/** An answer right below its question, and a question right below the answer that it follows, need no words for it. */
function quotes(row: Row, before: Row | undefined): boolean {
  const { reply_to } = row.message ?? row.pending;
  const isBelow = before !== undefined && rowSeq(before) === reply_to;
  return !!reply_to && !(isBelow && (row.message?.ai || before.message?.ai));
}

function continues(row: Row, before: Row, me: number): boolean {
  if (rowAuthor(row, me) !== rowAuthor(before, me)) return false;
  if (row.message && before.message && !isSameAuthor(row.message, before.message)) return false;
  if ((row.message ?? row.pending).reply_to !== null) return false;
  if (kindOf(row) === "system" || kindOf(before) === "system") return false;
  return moment(row).milliseconds - moment(before).milliseconds < TOGETHER_MS;
}

const kindOf = (row: Row): string => row.message?.kind ?? "text";

function beginsUnread(row: Row, before: Row | undefined, unreadAfter: number | null): boolean {
  if (unreadAfter === null || !row.message || row.message.seq <= unreadAfter) return false;
  return before !== undefined && before.message !== null && before.message.seq <= unreadAfter;
}

/** Each message once: one that is there needs nothing that stands in for it. Without pending ones the same list. */
export function once(rows: readonly Row[]): readonly Row[] {
  if (!rows.at(-1)?.pending) return rows;
  const there = new Set(rows.filter((row) => row.message !== null).map((row) => row.key));
  return rows.filter((row) => row.message !== null || !there.has(row.key));
}

/** A guess at how high a row will be, until it is measured. */
export function guessHeight(row: Row, width: number): number {
  const { text } = row.message ?? row.pending;
  const perLine = Math.max(20, (width - 110) / 7.4);
  let lines = 0;
  for (const line of text.split("\n")) lines += Math.max(1, Math.ceil(line.length / perLine));
  return 14 + lines * 22;
}
