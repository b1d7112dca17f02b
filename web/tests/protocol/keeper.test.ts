import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Fault } from "../../src/protocol/faults";
import { Keeper } from "../../src/protocol/keeper";
import { MemoryRecord, type SessionRecord, type SharedRecord } from "../../src/protocol/shared_record";
import type { Session } from "../../src/protocol/wire";
import { ALICE } from "./fake_socket";

const MINUTES_15 = 15 * 60;

/** A server whose refresh token opens once, as the real one's does, and the browser that holds its cookie. */
class Browser {
  readonly record: SharedRecord;
  refreshes = 0;
  isRevoked = false;
  atOnce = 0;
  fails: Fault | null = null;
  readonly #token = { spent: 0, kept: 0 };

  constructor(record: SharedRecord = new MemoryRecord()) {
    this.record = record;
  }

  tab(): Keeper {
    return new Keeper(this.record, () => this.#refresh());
  }

  async #refresh(): Promise<Session> {
    const shown = this.#token.kept;
    this.atOnce += 1;
    await new Promise((resolve) => setTimeout(resolve, 300));
    this.atOnce -= 1;
    if (this.fails) throw this.fails;
    if (shown < this.#token.spent || this.isRevoked) {
      this.isRevoked = true;
      throw new Fault("unauthenticated", "", { status: 401 });
    }
    this.refreshes += 1;
    this.#token.spent = shown + 1;
    this.#token.kept = shown + 1;
    return {
      user: ALICE, session_id: "s", access_token: `t${this.refreshes}`, expires_in: MINUTES_15,
      refresh_token: "", token_type: "Bearer",
    }; // biome-ignore format: one thing, one line
  }
}

/** Storage that takes its time, as IndexedDB does, but does one thing after the other. */
class SlowRecord implements SharedRecord {
  readonly #inner = new MemoryRecord();
  #last: Promise<unknown> = Promise.resolve();

  update(change: (record: SessionRecord) => SessionRecord | null): Promise<SessionRecord> {
    const next = this.#last.then(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return this.#inner.update(change);
    });
    this.#last = next;
    return next;
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("ten tabs find out at the same time that the session ran out: one refresh, and all go on", async () => {
  const browser = new Browser(new SlowRecord());
  const tabs = Array.from({ length: 10 }, () => browser.tab());

  const renewed = Promise.all(tabs.map((tab) => tab.renew(0)));
  await vi.advanceTimersByTimeAsync(2_000);

  expect((await renewed).map(({ generation }) => generation)).toEqual(Array.from({ length: 10 }, () => 1));
  expect(browser.refreshes).toBe(1);
  expect(browser.isRevoked).toBe(false);
});

test("one tab, asked by many: one refresh", async () => {
  const browser = new Browser();
  const tab = browser.tab();

  const renewed = Promise.all([tab.renew(0), tab.renew(0), tab.renew(0)]);
  await vi.advanceTimersByTimeAsync(1_000);
  await renewed;

  expect(browser.refreshes).toBe(1);
});

test("a tab that died while it refreshed doesn't stop the others for ever", async () => {
  const browser = new Browser();
  const now = Date.now();
  await browser.record.update((record) => ({ ...record, leaseUntil: now + 20_000 }));

  const renewed = browser.tab().renew(0);
  await vi.advanceTimersByTimeAsync(19_000);
  expect(browser.refreshes).toBe(0);
  await vi.advanceTimersByTimeAsync(2_000);

  expect((await renewed).generation).toBe(1);
});

test("refreshed ahead of time, again and again, by one of the tabs", async () => {
  const browser = new Browser(new SlowRecord());
  const tabs = [browser.tab(), browser.tab(), browser.tab()];
  const tokens: string[] = [];
  for (const tab of tabs) tab.onRenewed = ({ token }) => token !== null && tokens.push(token);
  await Promise.all([tabs[0]?.adopt(MINUTES_15), vi.advanceTimersByTimeAsync(100)]);
  for (const tab of tabs) void tab.watch();

  await vi.advanceTimersByTimeAsync(3_600_000);

  expect(browser.isRevoked).toBe(false);
  expect(browser.refreshes).toBeGreaterThanOrEqual(4);
  expect(browser.refreshes).toBeLessThanOrEqual(5);
  expect(tokens).toHaveLength(browser.refreshes);
  for (const tab of tabs) tab.stop();
});

test("over: says so once, and stops", async () => {
  const browser = new Browser();
  browser.isRevoked = true;
  const tab = browser.tab();
  let lost = 0;
  tab.onLost = () => lost++;

  const renewed = expect(tab.renew(0)).rejects.toMatchObject({ code: "unauthenticated" });
  await vi.advanceTimersByTimeAsync(3_600_000);
  await renewed;

  expect(lost).toBe(1);
});

test("no network: not signed out, and the lease is given back", async () => {
  const browser = new Browser();
  browser.fails = new Fault("offline", "");
  const tab = browser.tab();
  let lost = 0;
  tab.onLost = () => lost++;
  const failed = expect(tab.renew(0)).rejects.toMatchObject({ code: "offline" });
  await vi.advanceTimersByTimeAsync(400);
  await failed;

  browser.fails = null;
  const renewed = tab.renew(0);
  await vi.advanceTimersByTimeAsync(400);

  expect((await renewed).token).toBe("t1");
  expect(lost).toBe(0);
});
