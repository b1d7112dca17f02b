import { expect, test } from "vitest";
import { deviceName } from "../../src/account/devices";
import { readRoute } from "../../src/app/router";

test.each([
  ["/", { view: "home" }],
  ["/c/7", { view: "channel", channelId: 7, seq: null, thread: null }],
  ["/c/7/41", { view: "channel", channelId: 7, seq: 41, thread: null }],
  ["/c/7/threads/41", { view: "channel", channelId: 7, seq: null, thread: 41 }],
  ["/c/7/threads/41/45", { view: "channel", channelId: 7, seq: 45, thread: 41 }],
  ["/threads", { view: "threads" }],
  ["/search", { view: "search", q: "" }],
  ["/account", { view: "account", tab: "" }],
  ["/admin/health", { view: "admin", tab: "health" }],
  ["/browse", { view: "browse" }],
  ["/sign-in", { view: "sign-in" }],
])("%s is a view", (path, view) => {
  expect(readRoute(path)).toEqual(view);
});

test("an invitation is in the address", () => {
  expect(readRoute("/sign-up", "?invite=a%2Fb")).toEqual({ view: "sign-up", invite: "a/b" });
});

test("the token of a link stands behind the hash", () => {
  expect(readRoute("/shared/7", "", "#a-token")).toEqual({ view: "shared", sketchId: 7, token: "a-token" });
  expect(readRoute("/shared/x", "", "#a-token").view).toBe("unknown");
});

test.each([
  "/c/0",
  "/c/x",
  "/c/7/0",
  "/c/7/1/2",
  "/c/99999999999999999",
  "/api/v1/users/me",
  "/doc",
  "/browse/x",
  "//evil.example",
])("%s is none", (path) => {
  expect(readRoute(path).view).toBe("unknown");
});

test("a session is named by its browser and system", () => {
  const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
  expect(deviceName(firefox)).toBe("Firefox on Linux");
  expect(deviceName("curl/8.5.0")).toBe("curl/8.5.0");
  expect(deviceName("")).toBe("An unnamed program");
});
