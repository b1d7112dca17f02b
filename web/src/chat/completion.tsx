/** What one may mean while one writes `@…`, `#…` or `:…`: a list under the keyboard's control. */
import { useId, useRef, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import type { JoinedChannel } from "../state";
import { type Completed, type Completion, completions, type ComposerText } from "./features";

const SHOWN = 7;
/** So far back is looked for the beginning. */
const LOOKED_BACK = 60;

interface Begun {
  readonly completion: Completion;
  readonly sought: string;
  readonly length: number;
}

export interface CompletionState {
  id: string;
  title: string;
  found: readonly Completed[];
  chosen: number;
  aria: Record<string, string | boolean | undefined>;
  update: () => void;
  close: () => void;
  press: (event: KeyboardEvent) => boolean;
  take: (one: Completed) => void;
}

export function useCompletion(
  channel: JoinedChannel | undefined,
  field: { current: HTMLTextAreaElement | null },
  put: (text: ComposerText) => void,
): CompletionState {
  const state = useChalkline();
  const id = useId();
  const [begun, setBegun] = useState<Begun | null>(null);
  const [chosen, setChosen] = useState(0);
  const [, setLoaded] = useState(0);
  const dismissed = useRef<string | null>(null);
  const found = begun && channel ? begun.completion.find(begun.sought, { channel, state }).slice(0, SHOWN) : [];

  const update = () => {
    const now = readBegun(field.current);
    const text = now && `${now.completion.id} ${now.sought}`;
    if (text !== dismissed.current) dismissed.current = null;
    const next = dismissed.current === null ? now : null;
    if (next?.sought !== begun?.sought || next?.completion !== begun?.completion) setChosen(0);
    if (next || begun) setBegun(next);
    void next?.completion.prepare?.()?.then(() => setLoaded((count) => count + 1));
  };
  const close = () => setBegun(null);
  const take = (one: Completed) => {
    const element = field.current!;
    const end = element.selectionStart;
    const start = end - (begun?.length ?? 0);
    const text = `${element.value.slice(0, start)}${one.text} ${element.value.slice(end)}`;
    const caret = start + one.text.length + 1;
    close();
    put({ text, start: caret, end: caret });
  };
  const press = (event: KeyboardEvent): boolean => {
    if (!found.length) return false;
    if (event.key === "ArrowDown") setChosen((chosen + 1) % found.length);
    else if (event.key === "ArrowUp") setChosen((chosen + found.length - 1) % found.length);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") take(found[chosen] ?? found[0]!);
    else if (event.key === "Escape") {
      dismissed.current = begun && `${begun.completion.id} ${begun.sought}`;
      close();
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const aria = {
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": found.length ? id : undefined,
    "aria-activedescendant": found.length ? `${id}-${chosen}` : undefined,
  };
  return { id, title: begun?.completion.title ?? "", found, chosen, aria, update, close, press, take };
}

function readBegun(element: HTMLTextAreaElement | null): Begun | null {
  if (!element || element.selectionStart !== element.selectionEnd) return null;
  const before = element.value.slice(0, element.selectionStart).slice(-LOOKED_BACK);
  for (const completion of completions) {
    const match = completion.begun.exec(before);
    if (match) return { completion, sought: match[1]!, length: match[1]!.length + 1 };
  }
  return null;
}

export function CompletionList({ completion }: { completion: CompletionState }) {
  const { id, title, found, chosen, take } = completion;
  if (!found.length) return null;
  return (
    <div id={id} class="mention-list" role="listbox" aria-label={title}>
      {found.map((one, index) => (
        <div
          key={one.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            take(one);
          }}
        >
          {one.mark}
          <span dir="auto">{one.title}</span>
          <span class="soft">{one.note}</span>
        </div>
      ))}
    </div>
  );
}
