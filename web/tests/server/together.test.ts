/** The page's own protocol and state against a real server: without a browser, so in moments. */

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { ChannelView, State } from "../../src/state/api";
import { Browser, isInstalled, Server } from "./chalkline";

const PASSWORD = "correct horse battery";
const server = new Server();
const browsers: Browser[] = [];

beforeAll(async () => {
  if (isInstalled) await server.start();
}, 60_000);
afterAll(async () => {
  if (isInstalled) await server.remove();
}, 60_000);
afterEach(() => {
  for (const browser of browsers.splice(0)) browser.close();
});

function open(): Browser {
  const browser = new Browser(server);
  browsers.push(browser);
  return browser;
}

function until(check: () => void, timeout = 20_000): Promise<void> {
  return vi.waitFor(check, { timeout, interval: 10 });
}

async function registered(browser: Browser, username: string): Promise<State> {
  const tab = browser.tab();
  await until(() => expect(tab.session.status.value).toBe("signed_out"));
  await tab.session.register({ username, password: PASSWORD });
  await until(() => expect(tab.connection.status.value).toBe("online"));
  await until(() => expect(tab.channels.isReady.value).toBe(true));
  return tab;
}

function texts(view: ChannelView): string[] {
  return view.rows.value.map(({ message, pending }) => (message ? message.text : `${pending?.state} ${pending?.text}`));
}

let people = 0;

/** Two who are in one channel, each in a browser of their own. */
async function pair() {
  people += 1;
  const [one, two] = [open(), open()];
  const alice = await registered(one, `alice${people}`);
  const bob = await registered(two, `bob${people}`);
  const channel = await alice.channels.create({ name: `room ${people}` });
  await bob.channels.join(channel.id);
  const views = [alice.view(channel.id), bob.view(channel.id)] as const;
  for (const view of views) await until(() => expect(view.status.value).toBe("ready"));
  return { one, two, alice, bob, channel, views };
}

describe.skipIf(!isInstalled)("with a real server (needs .venv/bin/chalkline: make .venv/.chalkline)", () => {
  test("whoever registers first is the admin of a new server", async () => {
    const browser = open();
    const tab = browser.tab();
    await until(() => expect(tab.instance.value?.is_new).toBe(true));

    await tab.session.register({ username: "admin", password: PASSWORD });

    expect(tab.session.me.value?.role).toBe("admin");
    expect((await tab.admin.health()).status).toBe("ok");
  }, 60_000);

  test("a message is on the own screen before `send` returns, then confirmed, then with the other", async () => {
    const { views } = await pair();
    const [mine, theirs] = views;

    mine.send("hello");
    expect(texts(mine)).toEqual(["pending hello"]);
    const key = mine.rows.value[0]?.key;

    await until(() => expect(texts(theirs)).toEqual(["hello"]));
    await until(() => expect(texts(mine)).toEqual(["hello"]));
    expect(mine.rows.value[0]?.key).toBe(key);
  }, 60_000);

  test("unread counts, and reading takes them away, in all tabs", async () => {
    const { one, alice, bob, channel, views } = await pair();
    const another = one.tab();
    await until(() => expect(another.channels.isReady.value).toBe(true));

    for (const text of ["a", "b", "c"]) views[1].send(text);
    await until(() => expect(alice.channels.unread.value).toBe(3));
    await until(() => expect(another.channels.unread.value).toBe(3));
    expect(bob.channels.unread.value).toBe(0);

    const [, second] = views[0].rows.value;
    views[0].markRead(second?.message?.seq ?? 0);

    expect(alice.channels.unread.value).toBe(1);
    await until(() => expect(another.channels.get(channel.id).value?.membership.unread).toBe(1));
    await until(async () => expect((await alice.channels.load(channel.id)).membership?.unread).toBe(1));
  }, 60_000);

  test("typing is shown to the other, and ends with the message", async () => {
    const { alice, bob, channel, views } = await pair();

    views[1].typing();
    await until(() => expect(alice.channels.typing(channel.id).value).toEqual([bob.session.me.value?.id]));
    views[1].send("there");

    await until(() => expect(alice.channels.typing(channel.id).value).toEqual([]));
    expect(alice.channels.online.value.has(bob.session.me.value?.id ?? 0)).toBe(true);
  }, 60_000);

  test("killed mid-send: each message once, in order, at both, also from a browser that was closed meanwhile", async () => {
    const { one, alice, channel, views } = await pair();
    const mine = Array.from({ length: 40 }, (_, count) => `m${count}`);
    const theirs = Array.from({ length: 10 }, (_, count) => `t${count}`);
    alice.draft(channel.id).value = "half a thou";
    const { port } = new URL(server.url);

    for (const text of mine.slice(0, 20)) views[0].send(text);
    await server.stop("SIGKILL");
    for (const text of mine.slice(20)) views[0].send(text);
    for (const text of theirs) views[1].send(text);
    one.reopen();
    const tab = one.tab();
    await server.start(Number(port));
    await until(() => expect(tab.channels.isReady.value).toBe(true), 40_000);

    for (const view of [tab.view(channel.id), views[1]]) {
      await until(() => expect(texts(view).sort()).toEqual([...mine, ...theirs].sort()), 40_000);
      for (const said of [mine, theirs]) expect(texts(view).filter((text) => said.includes(text))).toEqual(said);
    }
    expect(tab.draft(channel.id).value).toBe("half a thou");
  }, 90_000);

  // Twice in some fifteen runs the message did not come within 40 s. It is not known yet why, so this is tried again.
  test("stopped in order: the page says when it tries again, and is back", { retry: 1, timeout: 90_000 }, async () => {
    const { alice, views } = await pair();
    const seen: string[] = [];
    alice.connection.status.subscribe((status) => seen.push(status));

    await server.restart("SIGTERM");
    views[0].send("after");

    await until(() => expect(texts(views[1])).toEqual(["after"]), 40_000);
    expect(seen).toContain("reconnecting");
  });

  test("a token that ran out is renewed once for ten tabs, and nobody notices", async () => {
    const { one, channel } = await pair();
    one.forgetAccess();
    const before = one.refreshes;

    const tabs = Array.from({ length: 10 }, () => one.tab());

    for (const tab of tabs) await until(() => expect(tab.channels.get(channel.id).value?.id).toBe(channel.id));
    expect(one.refreshes - before).toBe(1);
    expect(one.sockets.filter(({ readyState }) => readyState === WebSocket.OPEN)).toHaveLength(1);
  }, 60_000);

  test("signing out ends it in all tabs; a session revoked elsewhere too, and that is said", async () => {
    const { one, two, alice, bob } = await pair();
    const others = [one.tab(), two.tab()];
    for (const tab of others) await until(() => expect(tab.session.status.value).toBe("signed_in"));

    await alice.session.signOut();
    await until(() => expect(others[0]?.session.status.value).toBe("signed_out"));
    const third = new Browser(server);
    browsers.push(third);
    const elsewhere = third.tab();
    await until(() => expect(elsewhere.session.status.value).toBe("signed_out"));
    await elsewhere.session.signIn({ username: bob.session.me.value?.username ?? "", password: PASSWORD });
    await elsewhere.session.revokeAll();

    await until(() => expect(bob.session.status.value).toBe("signed_out"));
    expect(bob.session.notice.value).toBe("revoked");
    expect(others[1]?.session.status.value).toBe("signed_out");
  }, 60_000);

  test("removed from a channel: it is gone at once, and another can be joined again", async () => {
    const { alice, bob, channel } = await pair();

    await alice.channels.removeMember(channel.id, bob.session.me.value?.id ?? 0);

    await until(() => expect(bob.channels.get(channel.id).value).toBeUndefined());
    await until(() => expect(alice.channels.get(channel.id).value?.member_count).toBe(1));
    await alice.channels.putMember(channel.id, bob.session.me.value?.id ?? 0);
    await until(() => expect(bob.channels.get(channel.id).value?.id).toBe(channel.id));
  }, 60_000);

  test("a long history: paged both ways without a hole, jumped into, and bounded", async () => {
    const { alice, channel, views } = await pair();
    const [view] = views;
    for (let count = 0; count < 200; count++) view.send(`m${count}`);
    await until(() => expect(view.rows.value.filter(({ pending }) => pending)).toEqual([]), 30_000);
    const seqs = view.rows.value.map(({ message }) => message?.seq ?? 0);
    view.close();

    const again = alice.view(channel.id);
    await until(() => expect(again.status.value).toBe("ready"));
    expect(await again.jumpTo(seqs[60] ?? 0)).toBe(true);
    expect(again.hasOlder.value && again.hasNewer.value).toBe(true);
    while (again.hasNewer.value) await again.loadNewer();
    while (again.hasOlder.value) await again.loadOlder();

    expect(again.rows.value.map(({ message }) => message?.seq)).toEqual(seqs);
    expect(await again.jumpTo((seqs.at(-1) ?? 0) + 1_000)).toBe(false);
  }, 60_000);
});
