/** A list that comes page by page. Loaded anew when `load` is another. */
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { asFault } from "../protocol/faults";
import { faultWords } from "../words";
import { Button } from "./button";
import { Loading } from "./empty";

interface PagesProps<Item> {
  label: string;
  /** The class of the list. */
  look?: string;
  load: (cursor: string | null) => Promise<{ readonly items: readonly Item[]; readonly next_cursor: string | null }>;
  /** What each row shows; `replace` puts a changed item into its place, null takes it out. */
  row: (item: Item, replace: (changed: Item | null) => void) => ComponentChildren;
  idOf: (item: Item) => number;
  none: ComponentChildren;
}

export function Pages<Item>({ label, look = "rows", load, row, idOf, none }: PagesProps<Item>) {
  const [items, setItems] = useState<readonly Item[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const asked = useRef(0);

  const fetch = useCallback(
    async (from: string | null) => {
      const number = ++asked.current;
      setBusy(true);
      setWrong("");
      try {
        const page = await load(from);
        if (number !== asked.current) return;
        setItems((before) => (from && before ? [...before, ...page.items] : page.items));
        setCursor(page.next_cursor);
      } catch (error) {
        if (number === asked.current) setWrong(faultWords(asFault(error)));
      } finally {
        if (number === asked.current) setBusy(false);
      }
    },
    [load],
  );
  useEffect(() => {
    void fetch(null);
    return () => {
      asked.current += 1;
    };
  }, [fetch]);

  const replace = (id: number) => (changed: Item | null) => {
    setItems((before) => before!.flatMap((item) => (idOf(item) !== id ? [item] : changed === null ? [] : [changed])));
  };
  return (
    <div class="paged">
      {wrong && (
        <div class="notice notice-danger" role="alert">
          <p>{wrong}</p>
          <button type="button" class="link-button" onClick={() => void fetch(null)}>
            Try again
          </button>
        </div>
      )}
      {items === null && !wrong && <Loading />}
      <ul class={look} aria-label={label}>
        {items?.map((item) => (
          <li key={idOf(item)}>{row(item, replace(idOf(item)))}</li>
        ))}
      </ul>
      {items && !items.length && none}
      {cursor && (
        <Button busy={busy} onClick={() => void fetch(cursor)}>
          Show more
        </Button>
      )}
    </div>
  );
}
