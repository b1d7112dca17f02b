/** Choosing one of all emoji: by name, by group, or one of those used last. Arrows move, Enter takes. */
import { useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { EMOJI, type Emoji, find, GROUPS, nameOf, search, TONES, withTone } from "./data";
import { recent, remember, tone } from "./recent";

interface PickerProps {
  choose: (emoji: string) => void;
}

interface Section {
  id: string;
  title: string;
  emoji: readonly Emoji[];
}

const FOUND = 72;
const TONE_NAMES = ["No skin tone", "Light", "Medium light", "Medium", "Medium dark", "Dark"];

export function Picker({ choose }: PickerProps) {
  const [sought, setSought] = useState("");
  const [looked, setLooked] = useState("");
  const grid = useRef<HTMLDivElement>(null);
  const sections = useMemo(() => sectionsFor(sought), [sought]);

  const take = (one: Emoji) => {
    const emoji = withTone(one, tone.value);
    remember(emoji);
    choose(emoji);
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && sections[0]?.emoji[0] && sought) take(sections[0].emoji[0]);
    else if (event.key === "ArrowDown") grid.current?.querySelector<HTMLElement>("button")?.focus();
    else return;
    event.preventDefault();
  };
  const named = (event: Event) => {
    const emoji = (event.target as HTMLElement).closest<HTMLElement>("[data-name]");
    if (emoji) setLooked(`${emoji.textContent} ${emoji.dataset["name"]}`);
  };
  return (
    <div class="picker">
      <label class="picker-field">
        <Icon name="search" />
        <span class="visually-hidden">Search emoji</span>
        <input
          data-first
          type="search"
          placeholder="Search emoji"
          autoComplete="off"
          spellcheck={false}
          maxLength={40}
          value={sought}
          onInput={(event) => setSought(event.currentTarget.value)}
          onKeyDown={press}
        />
      </label>
      {!sought && (
        <div class="picker-groups" role="group" aria-label="Kinds of emoji">
          {GROUPS.map(({ group, title, sign }) => (
            <button
              key={group}
              type="button"
              aria-label={title}
              title={title}
              onClick={() => show(grid.current, group)}
            >
              {sign}
            </button>
          ))}
        </div>
      )}
      <div
        ref={grid}
        class="picker-grid"
        role="group"
        aria-label="Emoji"
        tabIndex={-1}
        onKeyDown={move}
        onFocusIn={named}
        onPointerOver={named}
      >
        {sections.map((section) => (
          <section key={section.id} id={`emoji-${section.id}`} aria-label={section.title}>
            <h3>{section.title}</h3>
            <div class="picker-emoji">
              {section.emoji.map((one, index) => (
                <button
                  key={one.emoji}
                  type="button"
                  tabIndex={index === 0 ? 0 : -1}
                  aria-label={one.names[0]?.replaceAll("_", " ")}
                  data-name={`:${one.names[0]}:`}
                  onClick={() => take(one)}
                >
                  {withTone(one, tone.value)}
                </button>
              ))}
            </div>
          </section>
        ))}
        {sections.length === 0 && <p class="soft picker-none">No emoji is called “{sought}”.</p>}
      </div>
      <div class="picker-foot">
        <span class="soft" aria-hidden="true">
          {looked}
        </span>
        <Tones />
      </div>
      <p class="visually-hidden" role="status">
        {sought && `${sections[0]?.emoji.length ?? 0} found`}
      </p>
    </div>
  );
}

function Tones() {
  return (
    <fieldset class="tones">
      <legend class="visually-hidden">Skin tone</legend>
      {TONES.map((one, index) => (
        <label key={one} title={TONE_NAMES[index]}>
          <input
            type="radio"
            name="emoji-tone"
            checked={tone.value === one}
            aria-label={TONE_NAMES[index]}
            onChange={() => {
              tone.value = one;
            }}
          />
          <span class={`tone tone-${index}`} />
        </label>
      ))}
    </fieldset>
  );
}

function sectionsFor(sought: string): Section[] {
  if (sought.trim()) {
    const emoji = search(sought, FOUND);
    return emoji.length ? [{ id: "found", title: "Found", emoji }] : [];
  }
  const last = recent.peek().flatMap((emoji) => find(emoji) ?? []);
  const lately = { id: "recent", title: "Used last", emoji: [...new Set(last)] };
  const groups = GROUPS.map(({ group, title }) => ({
    id: String(group),
    title,
    emoji: EMOJI.filter((one) => one.group === group),
  }));
  return lately.emoji.length ? [lately, ...groups] : groups;
}

function show(grid: HTMLElement | null, group: number): void {
  const section = grid?.querySelector<HTMLElement>(`#emoji-${group}`);
  section?.scrollIntoView({ block: "start" });
  section?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
}

/** In two dimensions, by where they stand. */
function move(event: KeyboardEvent): void {
  const grid = event.currentTarget as HTMLElement;
  const all = [...grid.querySelectorAll<HTMLElement>(".picker-emoji button")];
  const at = all.indexOf(event.target as HTMLElement);
  const here = all[at];
  if (!here) return;
  let to: HTMLElement | undefined;
  if (event.key === "ArrowRight") to = all[at + 1];
  else if (event.key === "ArrowLeft") to = all[at - 1];
  else if (event.key === "ArrowDown") to = nearest(all.slice(at + 1), here, 1);
  else if (event.key === "ArrowUp") to = nearest(all.slice(0, at).reverse(), here, -1);
  else return;
  if (to) to.focus();
  else if (event.key === "ArrowUp") grid.parentElement?.querySelector("input")?.focus();
  event.preventDefault();
}

/** The next one in the row above or below. */
function nearest(candidates: HTMLElement[], here: HTMLElement, direction: 1 | -1): HTMLElement | undefined {
  const { top, left } = here.getBoundingClientRect();
  let row: number | null = null;
  let best: HTMLElement | undefined;
  for (const one of candidates) {
    const rect = one.getBoundingClientRect();
    if ((rect.top - top) * direction <= 1) continue;
    row ??= rect.top;
    if (Math.abs(rect.top - row) > 1) break;
    if (!best || Math.abs(rect.left - left) < Math.abs(best.getBoundingClientRect().left - left)) best = one;
  }
  return best;
}

export { nameOf };
