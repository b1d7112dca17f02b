/** Marks as read what has been on the screen of a page that somebody sees, and tells the view where one is. */
import { useEffect } from "preact/hooks";
import type { ChannelView, Row } from "../state";
import type { Sight } from "../ui/virtual-list";
import { rowSeq } from "./grouping";

export function useReading(view: ChannelView, rows: readonly Row[], sight: Sight | null): void {
  const last = sight && lastSeq(rows, sight.last);
  const isAtEnd = sight?.isAtEnd ?? false;
  useEffect(() => {
    if (last === null) return;
    view.anchor(isAtEnd ? "newest" : last);
    const read = () => {
      if (document.visibilityState === "visible") view.markRead(last);
      else view.moveUnreadLine();
    };
    if (document.visibilityState === "visible") read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [view, last, isAtEnd]);
}

function lastSeq(rows: readonly Row[], index: number): number | null {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at--) {
    const seq = rows[at]!.message && rowSeq(rows[at]!);
    if (seq) return seq;
  }
  return null;
}
