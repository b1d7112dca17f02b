import { beforeAll, beforeEach, expect, test, vi } from "vitest";

type Listener = (event: {
  waitUntil?(work: Promise<unknown>): void;
  respondWith?(answer: Promise<Response>): void;
  request?: unknown;
}) => void;

const ORIGIN = "https://chat.example.org";
const listeners = new Map<string, Listener>();
const caches = new Map<string, Map<string, Response>>();
let network: (path: string) => Response | null = () => null;
const skipWaiting = vi.fn();

function cacheOf(name: string) {
  const entries = caches.get(name) ?? new Map<string, Response>();
  caches.set(name, entries);
  const keyOf = (key: string | { url: string }) => new URL(typeof key === "string" ? key : key.url, ORIGIN).href;
  return {
    put: async (key: string | { url: string }, response: Response) => void entries.set(keyOf(key), response),
    match: async (key: string | { url: string }) => entries.get(keyOf(key))?.clone(),
    keys: async () => [...entries.keys()].map((url) => ({ url })),
    delete: async (key: { url: string }) => entries.delete(keyOf(key)),
  };
}

beforeAll(async () => {
  vi.stubGlobal("location", new URL(ORIGIN));
  vi.stubGlobal("skipWaiting", skipWaiting);
  vi.stubGlobal("addEventListener", (type: string, listener: Listener) => listeners.set(type, listener));
  vi.stubGlobal("caches", {
    open: async (name: string) => cacheOf(name),
    match: async (key: string, { cacheName }: { cacheName: string }) => cacheOf(cacheName).match(key),
    keys: async () => [...caches.keys()],
    delete: async (name: string) => caches.delete(name),
  });
  vi.stubGlobal("fetch", async ({ url }: { url: string }) => {
    const answer = network(new URL(url).pathname);
    if (!answer) throw new TypeError("no network");
    return answer;
  });
  await import("../../src/service-worker/index");
});

beforeEach(() => caches.clear());

/** What the page gets; undefined where the browser does as if there were no service worker. */
async function asked(path: string, mode = "no-cors", method = "GET"): Promise<string | undefined> {
  let answer: Promise<Response> | undefined;
  const request = { url: new URL(path, ORIGIN).href, mode, method };
  listeners.get("fetch")?.({ request, respondWith: (given) => (answer = given) });
  return (await answer)?.text();
}

const html = (text: string) => new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });

test("the page always comes from the network while there is one", async () => {
  network = () => html("first");
  await asked("/", "navigate");
  network = () => html("second");

  expect(await asked("/c/7", "navigate")).toBe("second");
});

test("without a network: the page that was loaded last, at every address", async () => {
  network = () => html("page");
  await asked("/", "navigate");
  network = () => null;

  expect(await asked("/c/7/12", "navigate")).toBe("page");
});

test("without a network, and never loaded: a line that says so", async () => {
  network = () => null;

  expect(await asked("/", "navigate")).toContain("No connection");
});

test("an error of the server is shown, and not kept for later", async () => {
  network = () => html("page");
  await asked("/", "navigate");
  network = () => new Response("broken", { status: 503, headers: { "Content-Type": "text/html" } });
  expect(await asked("/", "navigate")).toBe("broken");

  network = () => null;

  expect(await asked("/", "navigate")).toBe("page");
});

test("files with their hash in the name are asked for once", async () => {
  network = () => new Response("code");
  await asked("/assets/index-abc.js");
  network = () => null;

  expect(await asked("/assets/index-abc.js")).toBe("code");
});

test("a file that isn't there is not remembered as such", async () => {
  network = () => new Response("no", { status: 404 });
  await asked("/assets/index-new.js");
  network = () => new Response("code");

  expect(await asked("/assets/index-new.js")).toBe("code");
});

test.each([
  "/api/v1/users/me",
  "/ws/system",
  "/health/ready",
  "/manifest.webmanifest",
  "https://elsewhere.example/a.js",
])("%s is none of its business", async (path) => {
  expect(await asked(path)).toBeUndefined();
});

test.each(["/doc", "/openapi.json", "/metrics"])("%s is no view of the page", async (path) => {
  expect(await asked(path, "navigate")).toBeUndefined();
});

test("nothing but GET", async () => {
  expect(await asked("/assets/index-abc.js", "no-cors", "POST")).toBeUndefined();
});

test("old files go when there are many, and old caches when it begins", async () => {
  network = () => new Response("code");
  for (let count = 0; count < 200; count++) await asked(`/assets/chunk-${count}.js`);
  const [kept] = [...caches.values()];
  expect(kept?.size).toBeLessThanOrEqual(120);
  expect([...(kept?.keys() ?? [])].at(-1)).toContain("chunk-199.js");

  cacheOf("chalkline-0");
  let done: Promise<unknown> = Promise.resolve();
  listeners.get("activate")?.({ waitUntil: (work) => (done = work) });
  await done;

  expect([...caches.keys()]).toEqual(["chalkline-1"]);
});

test("it never takes over pages that are open", () => {
  expect(skipWaiting).not.toHaveBeenCalled();
  expect(listeners.has("install")).toBe(false);
});

/** What becomes of a touch, with these tabs open. */
async function touched(tabs: { postMessage?: unknown; focus?: unknown }[], data: unknown): Promise<string[]> {
  const went: string[] = [];
  const pages = tabs.map((tab) => ({
    postMessage: (message: object) => went.push(`tab ${JSON.stringify(message)}`),
    focus: async () => void went.push("focus"),
    ...tab,
  }));
  vi.stubGlobal("clients", { matchAll: async () => pages, openWindow: async (url: string) => went.push(`new ${url}`) });
  let work: Promise<unknown> | undefined;
  const notification = { data, close: () => went.push("closed") };
  const event = { notification, waitUntil: (given: Promise<unknown>) => (work = given) };
  listeners.get("notificationclick")?.(event as never);
  await work;
  return went;
}

test("a notification leads to its message, in the tab that is there or in a new one", async () => {
  const place = { path: "/c/7/41" };

  expect(await touched([{}, {}], place)).toEqual(["closed", 'tab {"type":"go","path":"/c/7/41"}', "focus"]);
  expect(await touched([], place)).toEqual(["closed", "new /c/7/41"]);
  expect(await touched([], null)).toEqual(["closed", "new /"]);
});

test("a tab that the browser won't bring to the front goes there all the same", async () => {
  const stubborn = { focus: () => Promise.reject(new Error("not allowed")) };

  expect(await touched([stubborn], { path: "/c/7/41" })).toEqual(["closed", 'tab {"type":"go","path":"/c/7/41"}']);
});

/** What is shown of what was pushed. */
async function pushed(data: unknown): Promise<[string, { body: string; tag: string; data: { path: string } }]> {
  const showNotification = vi.fn(async () => {});
  vi.stubGlobal("registration", { showNotification });
  let work: Promise<unknown> | undefined;
  const event = { data, waitUntil: (given: Promise<unknown>) => (work = given) };
  listeners.get("push")?.(event as never);
  await work;
  expect(showNotification).toHaveBeenCalledTimes(1);
  return showNotification.mock.calls[0] as never;
}

const json = (value: unknown) => ({ json: () => value });
const NOTICE = { title: "Bob in #general", body: "look", channel_id: 7, seq: 41 };

test("a push is shown, one for each channel, and leads to its message", async () => {
  const [title, { body, tag, data }] = await pushed(json(NOTICE));

  expect([title, body, tag]).toEqual(["Bob in #general", "look", "channel/7"]);
  expect(data).toEqual({ path: "/c/7/41", channel_id: 7, seq: 41, thread: null });
  expect((await pushed(json({ ...NOTICE, thread: 12 })))[1].data.path).toBe("/c/7/threads/12/41");
});

test.each([
  null,
  { json: () => JSON.parse("{") },
  json(null),
  json({}),
  json({ ...NOTICE, channel_id: "7/../../admin" }),
  json({ ...NOTICE, title: 5 }),
])("a push that says nothing leads nowhere but to the page, and is shown: the browser wants it so", async (data) => {
  const [title, { data: place }] = await pushed(data);

  expect([title, place.path]).toEqual(["Chalkline", "/"]);
});
