/** Which view the address stands for, and moving between them without loading the page anew. */
import { computed, signal } from "@preact/signals";

export type Route =
  | { view: "home" }
  | { view: "channel"; channelId: number; seq: number | null }
  | { view: "sketch"; channelId: number; sketchId: number }
  | { view: "browse" }
  | { view: "account"; tab: string }
  | { view: "admin"; tab: string }
  | { view: "sign-in" }
  | { view: "sign-up"; invite: string }
  | { view: "unknown" };

const ID = "([1-9][0-9]{0,15})";
const CHANNEL = new RegExp(`^/c/${ID}(?:/${ID})?$`);
const SKETCH = new RegExp(`^/c/${ID}/sketches/${ID}$`);

export function readRoute(path: string, search = ""): Route {
  const channel = CHANNEL.exec(path);
  if (channel) return { view: "channel", channelId: Number(channel[1]), seq: channel[2] ? Number(channel[2]) : null };
  const sketch = SKETCH.exec(path);
  if (sketch) return { view: "sketch", channelId: Number(sketch[1]), sketchId: Number(sketch[2]) };
  const [, first = "", tab = "", more] = path.split("/");
  if (more !== undefined) return { view: "unknown" };
  switch (first) {
    case "account":
    case "admin":
      return { view: first, tab };
    case "sign-up":
      return { view: "sign-up", invite: new URLSearchParams(search).get("invite") ?? "" };
    case "":
      return tab ? { view: "unknown" } : { view: "home" };
    case "browse":
    case "sign-in":
      return tab ? { view: "unknown" } : { view: first };
    default:
      return { view: "unknown" };
  }
}

export const channelPath = (channelId: number, seq?: number | null): string =>
  seq ? `/c/${channelId}/${seq}` : `/c/${channelId}`;

export const sketchPath = (channelId: number, sketchId: number): string => `/c/${channelId}/sketches/${sketchId}`;

const address = signal(currentAddress());

/** Where one is. A new object also when the same address is gone to again, so that a permalink jumps again. */
export const route = computed<Route>(() => readRoute(address.value.path, address.value.search));

function currentAddress(): { path: string; search: string } {
  return { path: globalThis.location?.pathname ?? "/", search: globalThis.location?.search ?? "" };
}

export function navigate(path: string, how: "push" | "replace" = "push"): void {
  const isSame = path === location.pathname + location.search;
  history[isSame || how === "replace" ? "replaceState" : "pushState"](null, "", path);
  address.value = currentAddress();
}

/** Links within the page lead to views: one listener for all of them. */
export function followLinks(): void {
  addEventListener("popstate", () => (address.value = currentAddress()));
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element).closest?.("a");
    if (!link || link.origin !== location.origin || link.hasAttribute("download")) return;
    if (readRoute(link.pathname, link.search).view === "unknown") return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}
