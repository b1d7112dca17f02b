/** What the state needs of a browser, and what a test gives it instead. */

import { browserPusher } from "../notify/pusher";
import type { LinkSurroundings } from "../protocol/link";
import type { Pusher } from "./device";

export type KeptStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export interface Surroundings {
  readonly link: LinkSurroundings;
  readonly fetch: typeof fetch;
  /** Null where the browser forbids it. */
  readonly storage: KeptStorage | null;
  readonly pusher: Pusher;
  /** Before the next frame is drawn, or soon where nothing is. */
  schedule(work: () => void): void;
  clientId(): string;
  /** Begins to tell what happens around the page; gives what ends that. */
  watch(page: PageListener): () => void;
}

export interface PageListener {
  /** It is looked at again. */
  onShown(): void;
  onNetwork(isUp: boolean): void;
  onStored(name: string | null, text: string | null): void;
  onHidden(): void;
  /** It goes, perhaps to come back with `onRestored`. */
  onGone(): void;
  onRestored(): void;
}

/** Hidden pages draw no frames, and needn't hurry. */
const HIDDEN_MILLISECONDS = 250;
/** Nobody reads more than twenty or thirty changes a second. */
const PACE_MILLISECONDS = 30;

export function browserSurroundings(link: LinkSurroundings): Surroundings {
  return {
    link,
    fetch: (input, init) => fetch(input, init),
    storage: localStorageOrNull(),
    pusher: browserPusher(),
    schedule: paced(),
    clientId: () => {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    },
    watch: watchPage,
  };
}

/** Work in a frame; in a flood in every second or third one, so that frames are kept and each does more at once. */
function paced(): Surroundings["schedule"] {
  let drawnAt = 0;
  return (work) => {
    if (document.hidden) return void setTimeout(work, HIDDEN_MILLISECONDS);
    const draw = () =>
      drawn(() => {
        drawnAt = performance.now();
        work();
      });
    const pause = drawnAt + PACE_MILLISECONDS - performance.now();
    if (pause > 0) setTimeout(draw, pause);
    else draw();
  };
}

/** A page that is hidden before its frame comes would wait for ever. */
function drawn(work: () => void): void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    work();
  };
  const timer = setTimeout(once, HIDDEN_MILLISECONDS);
  const frame = requestAnimationFrame(once);
}

function watchPage(page: PageListener): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  document.addEventListener("visibilitychange", () => (document.hidden ? page.onHidden() : page.onShown()), { signal });
  addEventListener("online", () => page.onNetwork(true), { signal });
  addEventListener("offline", () => page.onNetwork(false), { signal });
  addEventListener("storage", ({ key, newValue }) => page.onStored(key, newValue), { signal });
  addEventListener("pagehide", () => page.onGone(), { signal });
  addEventListener("pageshow", (event) => event.persisted && page.onRestored(), { signal });
  return () => stop.abort();
}

function localStorageOrNull(): KeptStorage | null {
  try {
    localStorage.setItem("chalkline:probe", "1");
    localStorage.removeItem("chalkline:probe");
    return localStorage;
  } catch {
    return null;
  }
}
