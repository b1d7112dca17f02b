/** Marks as read what has been on the screen of a page that somebody sees, and tells the view where one is. */
import { type ReadonlySignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ChannelView, Row } from "../state";
import type { Sight } from "../ui/virtual-list";

export function useReading(view: ChannelView, sight: ReadonlySignal<Sight | null>): void {
  useSignalEffect(() => {
    if (!sight.value) return;
    const seq = lastSeq(view.rows.peek(), sight.value.last);
    if (seq === null) return;
    view.anchor(sight.value.isAtEnd ? "newest" : seq);
    if (document.visibilityState === "visible") view.markRead(seq);
  });
  useEffect(() => {
    const look = () => {
      if (document.visibilityState !== "visible") return view.moveUnreadLine();
      const seq = sight.peek() && lastSeq(view.rows.peek(), sight.peek()!.last);
      if (seq) view.markRead(seq);
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [view, sight]);
}

function lastSeq(rows: readonly Row[], index: number): number | null {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at--) {
    const seq = rows[at]!.message?.seq;
    if (seq !== undefined) return seq;
  }
  return null;
}
