/** A searched list that comes page by page. */
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { asFault } from "../protocol/faults";
import { faultWords } from "../words";
import { Button } from "./button";
import { Loading } from "./empty";
import { Field } from "./field";

interface Loaded<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

interface PagedProps<Item> {
  label: string;
  load: (query: { q?: string; cursor?: string | null }) => Promise<Loaded<Item>>;
  /** What each row shows; `replace` puts a changed item into its place, null takes it out. */
  row: (item: Item, replace: (changed: Item | null) => void) => ComponentChildren;
  idOf: (item: Item) => number;
  none: ComponentChildren;
}

const PAUSE_MS = 150;

export function Paged<Item>({ label, load, row, idOf, none }: PagedProps<Item>) {
  const [sought, setSought] = useState("");
  const [items, setItems] = useState<readonly Item[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const asked = useRef(0);

  const fetch = useCallback(
    async (q: string, from: string | null) => {
      const number = ++asked.current;
      setBusy(true);
      setWrong("");
      try {
        const page = await load({ ...(q ? { q } : {}), ...(from ? { cursor: from } : {}) });
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
    const timer = setTimeout(() => void fetch(sought.trim(), null), items === null ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [sought, fetch]);

  const replace = (id: number) => (changed: Item | null) => {
    setItems((before) => before!.flatMap((item) => (idOf(item) !== id ? [item] : changed === null ? [] : [changed])));
  };
  return (
    <div class="paged">
      <Field
        label={label}
        type="search"
        autoComplete="off"
        maxLength={80}
        value={sought}
        error={wrong || undefined}
        onInput={(event) => setSought(event.currentTarget.value)}
      />
      {items === null && !wrong && <Loading />}
      <ul class="rows" aria-label="Found">
        {items?.map((item) => (
          <li key={idOf(item)}>{row(item, replace(idOf(item)))}</li>
        ))}
      </ul>
      {items && !items.length && none}
      {cursor && (
        <Button busy={busy} onClick={() => void fetch(sought.trim(), cursor)}>
          Show more
        </Button>
      )}
    </div>
  );
}
