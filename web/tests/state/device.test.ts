import { beforeEach, expect, test, vi } from "vitest";
import type { Pusher } from "../../src/state/device";
import { ALICE } from "../protocol/fake_socket";
import { ModelServer } from "./model_server";
import { Page, Stored } from "./page";

const KEYS = { p256dh: "p", auth: "a" };
const settle = () => vi.advanceTimersByTimeAsync(60);

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

class Browser implements Pusher {
  obstacle: Pusher["obstacle"] = null;
  endpoint: string | null = null;
  fault: Error | null = null;
  count = 0;
  permission = "granted";
  isAllowed = () => this.permission === "granted";
  async subscribe(key: string) {
    if (this.fault) throw this.fault;
    this.endpoint ??= `https://push.example.org/${key}/${++this.count}`;
    return { endpoint: this.endpoint, keys: KEYS };
  }
  async unsubscribe(): Promise<void> {
    this.endpoint = null;
  }
}

function opened(browser = new Browser(), storage = new Stored(), key: string | undefined = "k") {
  const instance = { name: "x", version: "1", registration: "open", is_new: false, file_bytes: 1, push_key: key };
  return new Page(new ModelServer(), storage, true, browser, {
    "/instance": () => Response.json(instance),
    "/push/subscriptions": () => Response.json({ id: "s1" }, { status: 201 }),
    "/push/subscriptions/s1": () => new Response(null, { status: 204 }),
  });
}

const told = (page: Page) => page.asked.filter((one) => one.includes("/push/"));

test("nobody is subscribed who hasn't asked for it", async () => {
  const browser = new Browser();
  const page = opened(browser);
  await settle();

  expect([page.tab.device.isOn.value, browser.endpoint, told(page)]).toEqual([false, null, []]);
});

test("turned on, the server is told, and again at the next start", async () => {
  const browser = new Browser();
  const page = opened(browser);
  await settle();
  await page.tab.device.turnOn();
  expect([page.tab.device.isOn.value, browser.endpoint]).toEqual([true, "https://push.example.org/k/1"]);

  const later = opened(browser, page.storage);
  await settle();

  expect(later.tab.device.isOn.value).toBe(true);
  expect(told(later)).toEqual(["/push/subscriptions?"]);
  expect(browser.count).toBe(1);
});

test("who took the permission back is not asked again at the next start", async () => {
  const browser = new Browser();
  const page = opened(browser);
  await settle();
  await page.tab.device.turnOn();
  browser.permission = "default";
  const later = opened(browser, page.storage);
  await settle();

  expect([later.tab.device.isOn.value, told(later)]).toEqual([false, []]);
});

test("turned off, both sides forget it", async () => {
  const browser = new Browser();
  const page = opened(browser);
  await settle();
  await page.tab.device.turnOn();

  await page.tab.device.turnOff();

  expect([page.tab.device.isOn.value, browser.endpoint]).toEqual([false, null]);
  expect(told(page)).toEqual(["/push/subscriptions?", "/push/subscriptions/s1?"]);
  expect(page.storage.getItem("chalkline.device")).toBeNull();
});

test("whoever signs out takes it along", async () => {
  const browser = new Browser();
  const page = opened(browser);
  await settle();
  await page.tab.device.turnOn();
  page.answers.set("/auth/logout", () => new Response(null, { status: 204 }));

  await page.tab.session.signOut();
  await settle();

  expect([page.tab.device.isOn.value, browser.endpoint]).toEqual([false, null]);
});

test("who comes after somebody else gets nothing of theirs", async () => {
  const browser = new Browser();
  const storage = new Stored();
  await browser.subscribe("k");
  storage.setItem("chalkline.device", JSON.stringify({ user: ALICE.id + 1, id: "s1", showsText: true }));

  const page = opened(browser, storage);
  await settle();

  expect([page.tab.device.isOn.value, browser.endpoint, told(page)]).toEqual([false, null, []]);
});

test("without the text, the server is told so", async () => {
  const page = opened();
  await settle();
  await page.tab.device.turnOn();
  await page.tab.device.setShowsText(false);

  expect(page.tab.device.showsText.value).toBe(false);
  expect(JSON.parse(page.storage.getItem("chalkline.device")!).showsText).toBe(false);
});

test.each([
  ["NotAllowedError", "forbidden"],
  ["AbortError", "unavailable"],
])("a browser that refuses with %s is no mystery", async (name, code) => {
  const browser = new Browser();
  browser.fault = Object.assign(new Error("no"), { name });
  const page = opened(browser);
  await settle();

  await expect(page.tab.device.turnOn()).rejects.toMatchObject({ code });
  expect(page.tab.device.isOn.value).toBe(false);
});

test("what stands in the way is named", async () => {
  const browser = new Browser();
  browser.obstacle = "insecure";
  const insecure = opened(browser);
  const off = new Page(new ModelServer(), new Stored(), true, new Browser(), {
    "/instance": () => Response.json({ name: "x", version: "1", registration: "open" }),
  });
  await settle();

  expect(insecure.tab.device.obstacle).toBe("insecure");
  expect(off.tab.device.obstacle).toBe("switched_off");
  expect(opened().tab.device.obstacle).toBeNull();
});
