/** The page without a network: the last one that was loaded, or a line that says what is missing.
 *
 * Law: it never gives code that is older than its server. The page itself always comes from the network while there is
 * one; only files whose names carry their content's hash are taken from the cache first. So it need not take over
 * pages that are open (`skipWaiting`), and an old one that still runs does no harm.
 */

import { ICON, type Notice, type Shown, shown } from "../notify/shown";

/** Change it when what lies in the cache changes its meaning: the old one is deleted then. */
const CACHE = "chalkline-1";
const SHELL = "/";
/** A few builds' worth of files; the oldest go first. */
const MOST_ASSETS = 120;
/** Pages of this origin that aren't the client's. */
const FOREIGN = /^\/(api|ws|doc|openapi\.json|health|metrics)(\/|$)/;

const OFFLINE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Chalkline</title>
<h1>No connection</h1><p>Chalkline can't be reached. Check your network, then reload this page.</p></html>`;

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

addEventListener("activate", (event) => (event as ExtendableEvent).waitUntil(deleteOldCaches()));

addEventListener("fetch", (event) => {
  const { request, respondWith } = bound(event as FetchEvent);
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (!FOREIGN.test(pathname)) respondWith(page(request));
  } else if (pathname.startsWith("/assets/")) respondWith(asset(request));
});

interface PushEvent extends ExtendableEvent {
  readonly data: { json(): unknown } | null;
}

interface Shower {
  readonly registration: { showNotification(title: string, options: object): Promise<void> };
}

/** Somebody called while no page was open. A browser wants something shown for each push, whatever it says. */
addEventListener("push", (event) => {
  const { registration } = globalThis as unknown as Shower;
  const pushed = event as PushEvent;
  const { title, ...options } = shownOf(pushed.data);
  pushed.waitUntil(registration.showNotification(title, options));
});

function shownOf(data: PushEvent["data"]): Shown {
  try {
    return shown(data?.json() as Notice);
  } catch {
    return { title: "Chalkline", body: "Something calls for you", icon: ICON, tag: "", data: { path: SHELL } };
  }
}

/** On phones only a service worker may show what calls for somebody: a touch leads there. */
interface NotificationEvent extends ExtendableEvent {
  readonly notification: { readonly data: { readonly path: string } | null; close(): void };
}

interface Tabs {
  matchAll(of: {
    type: "window";
  }): Promise<readonly { postMessage(message: unknown): void; focus(): Promise<unknown> }[]>;
  openWindow(url: string): Promise<unknown>;
}

addEventListener("notificationclick", (event) => {
  const clicked = event as NotificationEvent;
  clicked.notification.close();
  clicked.waitUntil(lead(clicked.notification.data?.path ?? SHELL));
});

/** The pages that we serve are of our own build or a newer one, and know the way (app/router.ts). */
async function lead(path: string): Promise<void> {
  const { clients } = globalThis as unknown as { clients: Tabs };
  const [tab] = await clients.matchAll({ type: "window" });
  if (!tab) return void (await clients.openWindow(path));
  tab.postMessage({ type: "go", path });
  // A browser may refuse to bring it to the front: it is at the right place all the same.
  await tab.focus().catch(() => {});
}

function bound(event: FetchEvent): Pick<FetchEvent, "request" | "respondWith"> {
  return { request: event.request, respondWith: (answer) => event.respondWith(answer) };
}

async function page(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    const isPage = response.headers.get("Content-Type")?.startsWith("text/html");
    if (response.ok && isPage && !response.redirected) await keep(SHELL, response.clone());
    return response;
  } catch {
    return (await caches.match(SHELL, { cacheName: CACHE })) ?? offline();
  }
}

async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request, { cacheName: CACHE });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await keep(request, response.clone()).then(deleteOldAssets, () => {});
  return response;
}

/** A full disk takes nothing away but the page without a network. */
async function keep(key: string | Request, response: Response): Promise<void> {
  try {
    const cache = await caches.open(CACHE);
    await cache.put(key, response);
  } catch {
    // Not kept, then.
  }
}

async function deleteOldAssets(): Promise<void> {
  const cache = await caches.open(CACHE);
  const assets = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith("/assets/"));
  await Promise.all(assets.slice(0, -MOST_ASSETS).map((request) => cache.delete(request)));
}

async function deleteOldCaches(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

function offline(): Response {
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'" };
  return new Response(OFFLINE, { status: 503, headers });
}
