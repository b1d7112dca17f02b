import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ChannelView } from "../../src/state/api";
import { STALE_MILLISECONDS } from "../../src/state/pending";
import { MOST_MESSAGES } from "../../src/state/store";
import { TYPING_MILLISECONDS } from "../../src/state/typing";
import { ALICE } from "../protocol/fake_socket";
import { CHANNEL, ME, ModelServer } from "./model_server";
import { Page } from "./page";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(60);

async function opened(page = new Page()): Promise<{ page: Page; view: ChannelView }> {
  await settle();
  page.hello();
  await settle();
  const view = page.tab.view(CHANNEL);
  await settle();
  return { page, view };
}

function texts(view: ChannelView): (string | undefined)[] {
  return view.rows.value.map(({ message, pending }) => message?.text ?? `${pending?.state} ${pending?.text}`);
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

function filled(count: number): ModelServer {
  const server = new ModelServer();
  for (let made = 0; made < count; made++) server.post(2, `m${server.head + 1}`);
  return server;
}

describe("facts", () => {
  test("many of one moment are one change for the views", async () => {
    const { page, view } = await opened();
    const changes: number[] = [];
    view.rows.subscribe((rows) => changes.push(rows.length));
    for (let made = 0; made < 200; made++) {
      const fact = page.server.post(2, "x");
      page.tell({ type: "facts", facts: [fact] });
    }

    page.frame();

    expect(changes).toEqual([0, 200]);
  });

  test("what the hub has told before this tab knew the channel is fetched", async () => {
    const { page, view } = await opened(new Page(filled(5)));
    for (let made = 0; made < 10; made++) page.server.post(2, "x");

    page.tell({ type: "following", channelId: CHANNEL, cursor: page.server.head });
    await settle();

    expect(view.rows.value).toHaveLength(15);
    expect(page.tab.channels.unread.value).toBe(15);
  });

  test("a hole is fetched, and what came after it isn't lost", async () => {
    const { page, view } = await opened();
    for (const text of ["a", "b", "c"]) page.server.post(2, text);

    page.facts(3);
    expect(texts(view)).toEqual([]);
    await settle();

    expect(texts(view)).toEqual(["a", "b", "c"]);
  });

  test("begun anew after a long absence: the newest are shown, nothing old is believed", async () => {
    const { page, view } = await opened(new Page(filled(20)));
    for (let made = 0; made < 2_000; made++) page.server.post(2, "new");

    page.tell({ type: "reset", channelId: CHANNEL, cursor: page.server.head });
    await settle();

    expect(view.rows.value).toHaveLength(50);
    expect(texts(view)).not.toContain("m5");
    expect(page.tab.channels.unread.value).toBe(2_020);
  });

  test("another life of the database: everything is loaded again", async () => {
    const { page, view } = await opened(new Page(filled(20)));
    page.answers.set(`/channels/${CHANNEL}/messages`, () => Response.json({ items: [], next_cursor: null }));

    page.tell({ type: "start_over" });
    page.hello("other");
    await settle();

    expect(texts(view)).toEqual([]);
    expect(view.status.value).toBe("ready");
  });

  test("somebody who writes is shown, and forgotten when nothing more comes", async () => {
    const { page } = await opened();
    const typing = page.tab.channels.typing(CHANNEL);
    page.tell({ type: "facts", facts: [{ type: "typing", channel_id: CHANNEL, user_id: 2 }] });
    page.tell({ type: "facts", facts: [{ type: "typing", channel_id: CHANNEL, user_id: ME }] });
    page.frame();
    expect(typing.value).toEqual([2]);

    await vi.advanceTimersByTimeAsync(TYPING_MILLISECONDS + 1_000);

    expect(typing.value).toEqual([]);
  });

  test("who comes and goes is known", async () => {
    const { page } = await opened();
    page.tell({
      type: "facts",
      facts: [{ type: "presence.changed", channel_id: CHANNEL, online: [2, 3], offline: [] } as never],
    });
    page.tell({
      type: "facts",
      facts: [{ type: "presence.changed", channel_id: CHANNEL, online: [], offline: [3] } as never],
    });
    page.frame();

    expect([...page.tab.channels.online.value]).toEqual([2]);
  });
});

describe("one's own messages", () => {
  const sent = (page: Page) => page.of("post").at(-1)?.entry ?? expect.fail("nothing was sent");

  test("visible before `send` returns, kept over a reload, and sent again by the next page", async () => {
    const { page, view } = await opened();
    view.send("hello");
    expect(texts(view)).toEqual(["pending hello"]);

    const { page: next, view: again } = await opened(new Page(page.server, page.storage));

    expect(texts(again)).toEqual(["pending hello"]);
    expect(sent(next)).toMatchObject({ text: "hello", client_id: "id1" });
  });

  test.each(["ok first", "fact first"])("%s: never twice on the screen, never gone from it", async (order) => {
    const { page, view } = await opened();
    const counts: number[] = [];
    view.send("hello");
    view.rows.subscribe((rows) => counts.push(rows.length));
    const entry = sent(page);
    const seq = page.server.head + 1;
    page.server.post(ME, "hello", entry.client_id);
    const ok = () => page.tell({ type: "settled", entry, settled: { state: "sent", seq, created_at: "2026" } });

    if (order === "ok first") ok();
    page.facts(seq - 1);
    if (order === "fact first") ok();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(new Set(counts)).toEqual(new Set([1]));
    expect(texts(view)).toEqual(["hello"]);
    expect([...page.storage.items.keys()].filter((name) => name.includes("outbox"))).toEqual([]);
  });

  test("failed: says why, also after a reload, and is sent again only when asked", async () => {
    const { page, view } = await opened();
    view.send("hello");
    page.tell({ type: "settled", entry: sent(page), settled: { state: "failed", code: "forbidden", detail: "No." } });
    expect(view.rows.value[0]?.pending).toMatchObject({ state: "failed", code: "forbidden", detail: "No." });

    const { page: next, view: again } = await opened(new Page(page.server, page.storage));
    expect(next.of("post")).toEqual([]);
    again.resend("id1");

    expect(sent(next)).toMatchObject({ client_id: "id1", text: "hello" });
    expect(texts(again)).toEqual(["pending hello"]);
  });

  test("one whose id the server knows for another message goes out under a new one", async () => {
    const { page, view } = await opened();
    view.send("hello");
    page.tell({ type: "settled", entry: sent(page), settled: { state: "failed", code: "conflict", detail: "" } });

    view.resend("id1");

    expect(sent(page).client_id).not.toBe("id1");
  });

  test("one that waited too long isn't sent unasked", async () => {
    const { page, view } = await opened();
    view.send("hello");
    vi.setSystemTime(Date.now() + STALE_MILLISECONDS + 1);

    const { page: next, view: again } = await opened(new Page(page.server, page.storage));

    expect(next.of("post")).toEqual([]);
    expect(again.rows.value[0]?.pending).toMatchObject({ state: "failed", code: "expired" });
  });

  test("taken back: gone here and in storage", async () => {
    const { page, view } = await opened();
    view.send("hello");

    view.discard("id1");

    expect(texts(view)).toEqual([]);
    expect(page.of("discard")).toHaveLength(1);
    expect(page.storage.length).toBe(0);
  });

  test("signing out leaves nothing behind; a session that ran out keeps what was written", async () => {
    const { page, view } = await opened();
    view.send("hello");
    page.tab.draft(CHANNEL).value = "half";
    page.tell({ type: "signed_out", notice: "expired" });
    expect(page.storage.length).toBe(2);
    expect(page.tab.session.notice.value).toBe("expired");

    const { page: next } = await opened(new Page(page.server, page.storage));
    await next.tab.session.signOut();

    expect(page.storage.length).toBe(0);
    expect(next.tab.session.me.value).toBeNull();
  });
});

test("a sign-out that the socket hears of before its answer leaves nothing behind either", async () => {
  const { page, view } = await opened();
  view.send("hello");
  page.tab.draft(CHANNEL).value = "half";

  const done = page.tab.session.signOut();
  page.tell({ type: "signed_out", notice: "" });
  await done;

  expect(page.said.map(({ type }) => type)).toContain("signing_out");
  expect(page.storage.length).toBe(0);
});

test("a sign-out without a network fails, and one is still signed in", async () => {
  const { page } = await opened();
  page.answers.set("/auth/logout", () => {
    throw new TypeError("no network");
  });

  await expect(page.tab.session.signOut()).rejects.toMatchObject({ code: "offline" });

  expect(page.tab.session.status.value).toBe("signed_in");
});

describe("a window on 10,000 messages", () => {
  test("opens with one page, in memory it stays bounded, and scrolling finds every message once", async () => {
    const { page, view } = await opened(new Page(filled(10_000)));
    expect(view.rows.value).toHaveLength(50);
    expect(page.asked.filter((path) => path.includes("/messages"))).toHaveLength(1);

    const seen = new Set<number>();
    for (;;) {
      for (const { message } of view.rows.value) seen.add(message?.seq ?? 0);
      view.anchor(view.rows.value[0]?.message?.seq ?? 0);
      expect(view.rows.value.length).toBeLessThanOrEqual(MOST_MESSAGES * 1.2 + 50);
      if (!view.hasOlder.value) break;
      await view.loadOlder();
    }

    expect(seen.size).toBe(10_000);
    expect(view.hasNewer.value).toBe(true);
    while (view.hasNewer.value) {
      view.anchor(view.rows.value.at(-1)?.message?.seq ?? 0);
      await view.loadNewer();
    }
    expect(view.rows.value.at(-1)?.message?.seq).toBe(page.server.head);
    const seqs = view.rows.value.map(({ message }) => message?.seq ?? 0);
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
  });

  test("new ones that come while one reads far up don't move what one reads, and are there when one is back", async () => {
    const { page, view } = await opened(new Page(filled(3_000)));
    await view.jumpTo(500);
    const before = texts(view);

    const head = page.server.head;
    for (let made = 0; made < 500; made++) page.server.post(2, `late ${made}`);
    page.facts(head);

    expect(texts(view)).toEqual(before);
    await view.jumpToNewest();
    expect(texts(view).at(-1)).toBe("late 499");
  });

  test("what one reads stays in memory when it floods below", async () => {
    const { page, view } = await opened(new Page(filled(100)));
    const at = view.rows.value[10]?.message?.seq ?? 0;
    view.anchor(at);

    for (let round = 0; round < 40; round++) {
      const head = page.server.head;
      for (let made = 0; made < 100; made++) page.server.post(2, "flood");
      page.facts(head);
    }

    expect(view.rows.value.map(({ message }) => message?.seq)).toContain(at);
    expect(view.rows.value.length).toBeLessThanOrEqual(MOST_MESSAGES * 1.2);
    expect(view.hasNewer.value).toBe(true);
  });

  test("a message that isn't there: false, with its neighbours shown", async () => {
    const { view } = await opened(new Page(filled(100)));

    expect(await view.jumpTo(5_000)).toBe(false);
    expect(view.rows.value.length).toBeGreaterThan(0);
  });

  test("200 a second for ten seconds take less than a frame each, and so does sending one", async () => {
    const { page, view } = await opened(new Page(filled(1_000)));
    vi.useRealTimers();
    const frames: number[] = [];

    for (let frame = 0; frame < 600; frame++) {
      const head = page.server.head;
      for (let made = 0; made < 4; made++) page.server.post(2, "x");
      const began = performance.now();
      page.facts(head);
      void view.rows.value;
      frames.push(performance.now() - began);
    }
    const sendings: number[] = [];
    for (let count = 0; count < 21; count++) {
      const began = performance.now();
      view.send(`mine ${count}`);
      expect(view.rows.value.at(-1)?.pending?.text).toBe(`mine ${count}`);
      sendings.push(performance.now() - began);
    }

    // Medians: a machine that is busy otherwise makes single ones long.
    expect(median(frames)).toBeLessThan(4);
    expect(median(sendings)).toBeLessThan(4);
  });
});

describe("unread", () => {
  test("the line stays where it was when the channel was opened", async () => {
    const server = filled(10);
    server.read(6);
    const { page, view } = await opened(new Page(server));
    expect(view.unreadLine.value).toBe(6);

    view.markRead(page.server.head);

    expect(page.tab.channels.unread.value).toBe(0);
    expect(view.unreadLine.value).toBe(6);
    view.moveUnreadLine();
    expect(view.unreadLine.value).toBeNull();
  });

  test("told to the server once for many, and again after an outage", async () => {
    const { page, view } = await opened(new Page(filled(10)));
    const asks = () => page.of("ask").filter(({ frame }) => frame.type === "channel.read");
    for (let seq = 2; seq <= 8; seq++) view.markRead(seq);
    await vi.advanceTimersByTimeAsync(500);
    expect(asks().map(({ frame }) => frame["seq"])).toEqual([8]);

    const fault = { code: "offline", detail: "", status: 0, retryAfterSeconds: null };
    page.tell({ type: "reply", id: asks()[0]?.id ?? 0, ok: null, fault });
    await settle();
    page.hello();
    await settle();

    expect(asks().map(({ frame }) => frame["seq"])).toEqual([8, 8]);
    expect(page.tab.channels.unread.value).toBe(3);
  });

  test("never goes back", async () => {
    const { page, view } = await opened(new Page(filled(10)));
    view.markRead(9);
    view.markRead(3);

    expect(page.tab.channels.get(CHANNEL).value?.membership.last_read_seq).toBe(9);
  });

  describe("on another device", () => {
    const membership = (page: Page) => page.tab.channels.get(CHANNEL).value?.membership;

    function told(page: Page, last_read_seq: number, unread: number, head_seq = page.server.head): void {
      const fact = {
        type: "channel.read",
        user_id: ME,
        channel_id: CHANNEL,
        last_read_seq,
        unread,
        mentions: 0,
        head_seq,
      };
      page.tell({ type: "facts", facts: [fact as never] });
      page.frame();
    }

    test("read there is read here, and marked as unread there is unread here", async () => {
      const { page } = await opened(new Page(filled(10)));

      told(page, 8, 3);
      expect(membership(page)).toMatchObject({ last_read_seq: 8, unread: 3 });
      told(page, 4, 7);
      expect(membership(page)).toMatchObject({ last_read_seq: 4, unread: 7 });
    });

    test("what was counted at another moment is asked for", async () => {
      const { page } = await opened(new Page(filled(10)));
      const before = page.server.head;
      page.server.post(2, "meanwhile");
      page.facts(before);
      page.server.read(8);

      told(page, 8, 3, before);
      await settle();

      expect(membership(page)).toMatchObject({ last_read_seq: 8, unread: 4 });
    });

    test("an older place doesn't take back what is just being read here", async () => {
      const { page, view } = await opened(new Page(filled(10)));
      view.markRead(9);
      told(page, 5, 6);
      await vi.advanceTimersByTimeAsync(500);
      told(page, 5, 6);

      expect(membership(page)?.last_read_seq).toBe(9);
    });
  });
});

test("a name that was changed on another device is taken in", async () => {
  const { page } = await opened();
  page.answers.set("/users/me", () => Response.json({ ...ALICE, display_name: "Alice M." }));

  page.tell({ type: "facts", facts: [{ type: "user.updated", user_id: ME } as never] });
  page.frame();
  await settle();

  expect(page.tab.session.me.value?.display_name).toBe("Alice M.");
});

describe("what can go wrong", () => {
  test("a channel that can't be loaded says why, and loads when asked again", async () => {
    const page = new Page(filled(3));
    const problem = { type: "", title: "", status: 500, code: "internal", detail: "Broken.", request_id: "" };
    page.answers.set(`/channels/${CHANNEL}/messages`, () => Response.json(problem, { status: 500 }));
    const { view } = await opened(page);
    expect(view.status.value).toBe("failed");
    expect(view.fault.value).toEqual({ code: "internal", detail: "Broken." });

    page.answers.clear();
    await view.reload();

    expect(view.status.value).toBe("ready");
    expect(texts(view)).toHaveLength(3);
  });

  test("a channel that one isn't in", async () => {
    const { page } = await opened();

    const view = page.tab.view(99);
    await settle();

    expect(view.fault.value?.code).toBe("not_found");
  });

  test("removed: the channel is gone", async () => {
    const { page } = await opened();
    page.tell({ type: "facts", facts: [{ type: "channel.closed", channel_id: CHANNEL, user_id: ME }] });
    page.frame();

    expect(page.tab.channels.joined.value).toEqual([]);
    expect(page.tab.channels.get(CHANNEL).value).toBeUndefined();
  });

  test("no server at the start: it is tried again, and one sees when", async () => {
    const page = new Page(new ModelServer(), undefined, false);
    await settle();
    expect(page.tab.session.status.value).toBe("starting");
    expect(page.tab.connection.status.value).toBe("reconnecting");
    expect(page.tab.connection.secondsLeft.value).toBeGreaterThanOrEqual(0);

    page.tell({ type: "report", report: { status: "online", reason: "", retryAt: null } });
    page.answers.clear();
    await vi.advanceTimersByTimeAsync(2_000);

    expect(page.tab.session.me.value).toEqual(ALICE);
    expect(page.tab.connection.status.value).toBe("online");
  });

  test("a server that came back with a newer page: said, and nothing else happens", async () => {
    const { page, view } = await opened(new Page(filled(3)));
    const serve = (mark: string) => page.answers.set("/", () => new Response(null, { headers: { ETag: mark } }));
    serve('"first"');
    page.hello();
    await settle();
    expect(page.tab.isOutdated.value).toBe(false);

    serve('"second"');
    page.hello();
    await settle();

    expect(page.tab.isOutdated.value).toBe(true);
    expect(texts(view)).toHaveLength(3);
  });

  test("a page that slept asks whether it missed something", async () => {
    const { page } = await opened();
    const before = page.of("follow").length;

    page.page?.onShown();

    expect(page.of("wake")).toHaveLength(1);
    expect(page.of("follow").length).toBe(before + 1);
  });

  test("members follow the facts", async () => {
    const { page } = await opened();
    const members = page.tab.channels.members(CHANNEL);
    await settle();
    expect(members.value?.map(({ user_id }) => user_id)).toEqual([ME]);

    const head = page.server.head;
    page.server.toggle(2);
    page.facts(head);

    expect(members.value?.map(({ user_id }) => user_id)).toEqual([ME, 2]);
  });
});

describe("marked as unread", () => {
  const asked = (page: Page) => page.of("ask").filter(({ frame }) => frame.type === "channel.read");

  test("it stays so while one looks at it, and is read again when one comes back", async () => {
    const { page, view } = await opened(new Page(filled(10)));
    const done = view.markUnread(6);
    expect(asked(page).map(({ frame }) => frame["seq"])).toEqual([5]);
    page.tell({ type: "reply", id: asked(page)[0]!.id, ok: { type: "ok" }, fault: null });
    await done;
    page.server.mark(5);
    page.tell({ type: "facts", facts: [page.server.readFact()] });
    page.frame();
    const left = page.tab.channels.unread.value;
    expect(left).toBeGreaterThan(0);
    expect(view.unreadLine.value).toBe(5);

    view.markRead(page.server.head);
    expect(page.tab.channels.unread.value).toBe(left);
    view.close();
    page.tab.view(CHANNEL).markRead(page.server.head);
    expect(page.tab.channels.unread.value).toBe(0);
  });

  test("on another device it is unread here too, and so it stays while it is open", async () => {
    const { page, view } = await opened(new Page(filled(10)));
    page.server.mark(page.server.head);
    page.tell({ type: "facts", facts: [page.server.readFact()] });
    page.frame();
    page.server.mark(3);
    page.tell({ type: "facts", facts: [page.server.readFact()] });
    page.frame();

    expect(page.tab.channels.get(CHANNEL).value?.membership.last_read_seq).toBe(3);
    expect(view.unreadLine.value).toBe(3);
    view.markRead(page.server.head);
    expect(page.tab.channels.get(CHANNEL).value?.membership.last_read_seq).toBe(3);
  });
});
