/** Marks as read what has been on the screen of a page that somebody sees, and tells the view where one is. */
import { type ReadonlySignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { ChannelView, Row } from "../state";
import type { Sight } from "../ui/virtual-list";

/** A moment, so that what arrives and what one reads of it don't draw the page twice in each frame. */
const MARK_MS = 120;

export function useReading(view: ChannelView, sight: ReadonlySignal<Sight | null>): void {
  const marker = useMemo(() => new Marker(view), [view]);
  useSignalEffect(() => {
    if (!sight.value) return;
    const seq = lastSeq(view.rows.peek(), sight.value.last);
    if (seq === null) return;
    view.anchor(sight.value.isAtEnd ? "newest" : seq);
    if (document.visibilityState === "visible") marker.saw(seq);
  });
  useEffect(() => {
    const look = () => {
      marker.mark();
      if (document.visibilityState !== "visible") return view.moveUnreadLine();
      const seq = sight.peek() && lastSeq(view.rows.peek(), sight.peek()!.last);
      if (seq) view.markRead(seq);
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      marker.mark();
    };
  }, [view, sight, marker]);
}

/** Marks a moment after it was seen, and before anybody leaves. */
class Marker {
  readonly #view: ChannelView;
  #seen = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: ChannelView) {
    this.#view = view;
  }

  saw(seq: number): void {
    this.#seen = Math.max(this.#seen, seq);
    this.#timer ??= setTimeout(() => this.mark(), MARK_MS);
  }

  mark(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#view.markRead(this.#seen);
  }
}

function lastSeq(rows: readonly Row[], index: number): number | null {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at--) {
    const seq = rows[at]!.message?.seq;
    if (seq !== undefined) return seq;
  }
  return null;
}
