/** Which view the address stands for, and moving between them without loading the page anew. */
import { computed, signal } from "@preact/signals";

export type Route =
  | { view: "home" }
  | { view: "channel"; channelId: number; seq: number | null; thread: number | null }
  | { view: "threads" }
  | { view: "search"; q: string }
  | { view: "sketch"; channelId: number; sketchId: number }
  | { view: "shared"; sketchId: number; token: string }
  | { view: "webhooks"; channelId: number }
  | { view: "browse" }
  | { view: "account"; tab: string }
  | { view: "admin"; tab: string }
  | { view: "sign-in" }
  | { view: "sign-up"; invite: string }
  | { view: "unknown" };

interface Placed {
  readonly channel_id: number;
  readonly seq: number;
  readonly thread: number | null;
  readonly to_channel?: boolean;
}

const ID = "([1-9][0-9]{0,15})";
const CHANNEL = new RegExp(`^/c/${ID}(?:/${ID})?$`);
const THREAD = new RegExp(`^/c/${ID}/threads/${ID}(?:/${ID})?$`);
const SKETCH = new RegExp(`^/c/${ID}/sketches/${ID}$`);
const WEBHOOKS = new RegExp(`^/c/${ID}/webhooks$`);
const SHARED = new RegExp(`^/shared/${ID}$`);

export function readRoute(path: string, search = "", hash = ""): Route {
  const channel = CHANNEL.exec(path);
  if (channel) return inChannel(channel[1]!, channel[2], undefined);
  const thread = THREAD.exec(path);
  if (thread) return inChannel(thread[1]!, thread[3], thread[2]);
  const sketch = SKETCH.exec(path);
  if (sketch) return { view: "sketch", channelId: Number(sketch[1]), sketchId: Number(sketch[2]) };
  const webhooks = WEBHOOKS.exec(path);
  if (webhooks) return { view: "webhooks", channelId: Number(webhooks[1]) };
  const shared = SHARED.exec(path);
  if (shared) return { view: "shared", sketchId: Number(shared[1]), token: hash.slice(1) };
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
    case "search":
      return tab ? { view: "unknown" } : { view: first, q: new URLSearchParams(search).get("q") ?? "" };
    case "browse":
    case "threads":
    case "sign-in":
      return tab ? { view: "unknown" } : { view: first };
    default:
      return { view: "unknown" };
  }
}

function inChannel(channelId: string, seq: string | undefined, thread: string | undefined): Route {
  const idOf = (text: string | undefined) => (text ? Number(text) : null);
  return { view: "channel", channelId: Number(channelId), seq: idOf(seq), thread: idOf(thread) };
}

export const channelPath = (channelId: number, seq?: number | null): string =>
  seq ? `/c/${channelId}/${seq}` : `/c/${channelId}`;

/** A thread beside its channel; with a seq at that reply. */
export const threadPath = (channelId: number, thread: number, seq?: number | null): string =>
  `/c/${channelId}/threads/${thread}${seq && seq !== thread ? `/${seq}` : ""}`;

/** Where a message stands. */
export const messagePath = (message: Placed): string =>
  message.thread && !message.to_channel
    ? threadPath(message.channel_id, message.thread, message.seq)
    : channelPath(message.channel_id, message.seq);

export const searchPath = (q: string): string => `/search?${new URLSearchParams({ q })}`;

export const sketchPath = (channelId: number, sketchId: number): string => `/c/${channelId}/sketches/${sketchId}`;

export const webhooksPath = (channelId: number): string => `/c/${channelId}/webhooks`;

/** The token stands behind the `#`: no server, and no log of one, is told of it with the address. */
export const sharedPath = (sketchId: number, token: string): string => `/shared/${sketchId}#${token}`;

const address = signal(currentAddress());

/** Where one is. A new object also when the same address is gone to again, so that a permalink jumps again. */
export const route = computed<Route>(() => readRoute(address.value.path, address.value.search, address.value.hash));

function currentAddress(): { path: string; search: string; hash: string } {
  const { pathname = "/", search = "", hash = "" } = globalThis.location ?? {};
  return { path: pathname, search, hash };
}

export function navigate(path: string, how: "push" | "replace" = "push"): void {
  const isSame = path === location.pathname + location.search + location.hash;
  history[isSame || how === "replace" ? "replaceState" : "pushState"](null, "", path);
  address.value = currentAddress();
}

/** Links within the page lead to views: one listener for all of them. So does a touch of what the service worker showed. */
export function followLinks(): void {
  addEventListener("popstate", () => (address.value = currentAddress()));
  navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent) => {
    if (data?.type === "go" && readRoute(String(data.path), "").view !== "unknown") navigate(data.path);
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element).closest?.("a");
    if (!link || link.origin !== location.origin || link.hasAttribute("download")) return;
    if (readRoute(link.pathname, link.search).view === "unknown") return;
    event.preventDefault();
    navigate(link.pathname + link.search + link.hash);
  });
}
