import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Fault } from "../../src/protocol/faults";
import { type Broadcast, Hub } from "../../src/protocol/hub";
import { Keeper } from "../../src/protocol/keeper";
import { type HubPort, Link } from "../../src/protocol/link";
import type { FromHub, Port, ToHub } from "../../src/protocol/ports";
import { MemoryRecord } from "../../src/protocol/shared_record";
import { SILENT_MILLISECONDS } from "../../src/protocol/tabs";
import { ALICE, FakeSocket, OVER, type Sent } from "./fake_socket";

const CHANNEL = 7;

class FakePort implements Port<FromHub, ToHub> {
  onmessage: ((event: { readonly data: ToHub }) => void) | null = null;
  readonly heard: FromHub[] = [];

  postMessage(message: FromHub): void {
    this.heard.push(message);
  }

  say(message: ToHub): void {
    this.onmessage?.({ data: message });
  }

  of<Type extends FromHub["type"]>(type: Type): Extract<FromHub, { type: Type }>[] {
    return this.heard.filter((one) => one.type === type) as Extract<FromHub, { type: Type }>[];
  }

  get seqs(): number[] {
    return this.of("facts").flatMap(({ facts }) => facts.map(({ seq }) => seq ?? 0));
  }
}

class World {
  readonly sockets: FakeSocket[] = [];
  readonly broadcasts: Broadcast[] = [];
  refreshes = 0;
  isOver = false;
  head = 0;
  readonly hub: Hub;

  constructor() {
    const keeper = new Keeper(new MemoryRecord(), async () => {
      if (this.isOver) throw OVER;
      this.refreshes += 1;
      return { ...SESSION, access_token: `token ${this.refreshes}` };
    });
    this.hub = new Hub({
      keeper,
      open: () => {
        const socket = new FakeSocket();
        socket.onSend = (frame) => this.answer(socket, frame);
        this.sockets.push(socket);
        return socket;
      },
      probe: async () => {
        if (this.isOver) throw OVER;
      },
      broadcast: (message) => this.broadcasts.push(message),
      random: () => 1,
    });
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }

  answer(socket: FakeSocket, { type, ref, channel_id }: Sent): void {
    if (type === "ping") socket.say({ type: "pong" });
    else if (type === "message.post") socket.say({ type: "ok", ref, channel_id, seq: ++this.head, created_at: "" });
    else if (type === "subscribe")
      socket.say({ type: "ok", ref, channel_id, head_seq: this.head, events: [], complete: true });
    else if (ref) socket.say({ type: "ok", ref });
  }

  tab(): FakePort {
    const port = new FakePort();
    this.hub.attach(port);
    port.say({ type: "attach", lock: null });
    return port;
  }

  /** A tab that is signed in and listens to the channel. */
  async following(expiresIn: number | null = null): Promise<FakePort> {
    const port = this.tab();
    port.say({ type: "begin", userId: ALICE.id, epoch: null, expiresIn });
    await settle();
    if (this.socket.onmessage && !port.of("hello").length) this.socket.open();
    port.say({ type: "follow", channelId: CHANNEL, after: this.head });
    await settle();
    return port;
  }

  tell(count = 1): void {
    for (let made = 0; made < count; made++) {
      this.head += 1;
      this.socket.say({ type: "message.posted", channel_id: CHANNEL, seq: this.head });
    }
  }
}

const SESSION = {
  user: ALICE,
  session_id: "s",
  access_token: "",
  expires_in: 900,
  refresh_token: "",
  token_type: "Bearer" as const,
};

const settle = () => vi.advanceTimersByTimeAsync(0);
const gathered = () => vi.advanceTimersByTimeAsync(20);

let world: World;

beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
});
afterEach(() => vi.useRealTimers());

test("ten tabs, one socket, one subscription: each hears every fact once", async () => {
  const tabs: FakePort[] = [];
  for (let count = 0; count < 10; count++) tabs.push(await world.following());

  world.tell(3);
  await gathered();

  expect(world.sockets).toHaveLength(1);
  expect(world.socket.of("subscribe")).toHaveLength(1);
  for (const tab of tabs) expect(tab.seqs).toEqual([1, 2, 3]);
});

test("a tab that comes later is told where the facts go on, and nothing twice", async () => {
  await world.following();
  world.tell(5);
  await gathered();
  world.head = 3;
  const late = world.tab();
  late.say({ type: "begin", userId: ALICE.id, epoch: null, expiresIn: null });
  late.say({ type: "follow", channelId: CHANNEL, after: 3 });

  expect(late.of("following")).toEqual([{ type: "following", channelId: CHANNEL, cursor: 5 }]);
});

test("200 facts of one moment go out together, and a lone one at once", async () => {
  const tab = await world.following();
  world.tell(1);
  expect(tab.of("facts")).toHaveLength(1);

  world.tell(200);
  await gathered();

  expect(tab.of("facts").length).toBeLessThanOrEqual(3);
  expect(tab.seqs).toHaveLength(201);
});

test("who follows is remembered by tab: the last one to leave a channel ends the subscription", async () => {
  const [one, two] = [await world.following(), await world.following()];

  one.say({ type: "unfollow", channelId: CHANNEL });
  expect(world.socket.of("unsubscribe")).toHaveLength(0);
  two.say({ type: "detach" });

  expect(world.socket.of("unsubscribe")).toHaveLength(1);
});

test("a tab that dies without a word is noticed, and one that speaks isn't taken for dead", async () => {
  const [dead, alive] = [await world.following(), await world.following()];
  dead.say({ type: "follow", channelId: 8, after: 0 });
  await settle();

  for (let waited = 0; waited < 2 * SILENT_MILLISECONDS; waited += 60_000) {
    await vi.advanceTimersByTimeAsync(60_000);
    alive.say({ type: "alive" });
  }

  expect(world.socket.of("unsubscribe").map(({ channel_id }) => channel_id)).toEqual([8]);
  world.tell();
  await gathered();
  expect(alive.seqs).toContain(world.head);
  expect(dead.seqs).not.toContain(world.head);
});

test("signing out ends it for all tabs, closes the socket, and tells the hubs of other versions", async () => {
  const [one, two] = [await world.following(), await world.following()];

  one.say({ type: "signed_out" });
  await vi.advanceTimersByTimeAsync(60_000);

  expect(two.of("signed_out")).toEqual([{ type: "signed_out", notice: "" }]);
  expect(world.socket.closedWith).not.toBeNull();
  expect(world.sockets).toHaveLength(1);
  expect(world.broadcasts).toEqual([{ type: "signed_out" }]);
});

test("signed out by one's own doing: also where the socket hears of it first, no other tab is told of a revocation", async () => {
  const [one, two] = [await world.following(), await world.following()];
  world.isOver = true;

  one.say({ type: "signing_out" });
  world.socket.say({ type: "session.revoked", user_id: 1, session_id: "s" });
  world.socket.end(4500);
  await settle();

  expect(two.of("signed_out")).toEqual([{ type: "signed_out", notice: "" }]);
  expect(world.broadcasts).toEqual([{ type: "signing_out" }]);
});

test("another hub's tab signed out: so are ours", async () => {
  const tab = await world.following();

  world.hub.heard({ type: "signed_out" });

  expect(tab.of("signed_out")).toHaveLength(1);
  expect(world.broadcasts).toEqual([]);
});

test("somebody else signs in in one tab: nothing of the first one's is kept, and the other tabs hear of it", async () => {
  const [one, two] = [await world.following(), await world.following()];
  two.say({ type: "post", entry: ENTRY });

  one.say({ type: "begin", userId: 2, epoch: null, expiresIn: 900 });
  await settle();
  world.socket.open();

  expect(two.of("signed_in")).toEqual([{ type: "signed_in", userId: 2 }]);
  expect(world.sockets).toHaveLength(2);
  expect(world.socket.of("subscribe")).toHaveLength(0);
  expect(world.socket.of("message.post")).toHaveLength(0);
});

test("a token is renewed on the open socket before it runs out", async () => {
  await world.following(900);

  await vi.advanceTimersByTimeAsync(900_000);

  expect(world.refreshes).toBe(1);
  expect(world.socket.of("auth")).toMatchObject([{ token: "token 1" }]);
  expect(world.sockets).toHaveLength(1);
});

describe("4500", () => {
  test("and the session is over: all tabs are signed out, and it is said why", async () => {
    const tab = await world.following();
    world.isOver = true;

    world.socket.say({ type: "session.revoked", user_id: 1, session_id: "s" });
    world.socket.end(4500);
    await settle();

    expect(tab.of("signed_out")).toEqual([{ type: "signed_out", notice: "revoked" }]);
  });

  test("and only the token ran out: refreshed, back, and nothing is missed", async () => {
    const tab = await world.following();
    world.tell(2);
    await vi.advanceTimersByTimeAsync(15_000);
    // Another session of this user's ended: not this one.
    world.socket.say({ type: "session.revoked", user_id: 1, session_id: "other" });

    world.socket.end(4500);
    await settle();
    world.socket.open();
    await settle();

    expect(tab.of("signed_out")).toEqual([]);
    expect(world.socket.of("subscribe")).toMatchObject([{ channel_id: CHANNEL, after: 2 }]);
  });
});

test("another life of the database: tabs start over, and old seqs are forgotten", async () => {
  const tab = await world.following();
  world.socket.end(1006);
  await vi.advanceTimersByTimeAsync(2_000);

  world.socket.open("second");
  await settle();

  expect(tab.heard.map(({ type }) => type)).toContain("start_over");
  expect(world.socket.of("subscribe")).toHaveLength(0);
});

test("what one tab reads, the others hear when the server has taken it", async () => {
  const [one, two] = [await world.following(), await world.following()];

  one.say({ type: "ask", id: 1, frame: { type: "channel.read", channel_id: CHANNEL, seq: 4 } });
  await settle();

  expect(two.of("read")).toEqual([{ type: "read", channelId: CHANNEL, seq: 4 }]);
  expect(one.of("reply")).toMatchObject([{ id: 1, fault: null }]);
});

test("a personal fact comes through, also about a channel that nobody follows", async () => {
  const tab = await world.following();

  world.socket.say({ type: "channel.opened", user_id: 1, channel_id: 99 });
  await gathered();

  expect(tab.of("facts").flatMap(({ facts }) => facts)).toMatchObject([{ type: "channel.opened", channel_id: 99 }]);
});

const ENTRY = { channel_id: CHANNEL, client_id: "a", text: "hi", reply_to: null, thread: null, created_at: "2026" };

test("a message that one tab sends is pending in the others, and settled in all", async () => {
  const [one, two] = [await world.following(), await world.following()];

  one.say({ type: "post", entry: ENTRY });
  await settle();

  expect(two.of("posting")).toHaveLength(1);
  expect(one.of("posting")).toHaveLength(0);
  for (const tab of [one, two]) expect(tab.of("settled")).toMatchObject([{ settled: { state: "sent", seq: 1 } }]);
});

describe("a tab's link", () => {
  class Deaf implements HubPort {
    onmessage: HubPort["onmessage"] = null;
    readonly said: ToHub[] = [];
    postMessage(message: ToHub): void {
      this.said.push(message);
    }
  }

  const around = (worker: Deaf | null, own: Deaf, lock: Promise<void> | null = null) => ({
    shared: () => worker,
    own: () => own,
    hold: () => lock,
  });

  test("without shared workers the tab has a hub of its own", () => {
    const own = new Deaf();
    const link = new Link(around(null, own));

    expect(own.said).toEqual([{ type: "attach", lock: null }]);
    link.close();
  });

  test("a worker that doesn't answer is replaced, asks fail, and the tab says again what it wants", async () => {
    const own = new Deaf();
    const link = new Link(around(new Deaf(), own));
    let restarts = 0;
    link.onRestart = () => restarts++;
    const failed = expect(link.ask({ type: "ping" })).rejects.toBeInstanceOf(Fault);

    await vi.advanceTimersByTimeAsync(60_000);
    await failed;

    expect(restarts).toBe(1);
    expect(own.said[0]).toMatchObject({ type: "attach" });
    link.close();
  });

  test("a worker that can't be loaded is replaced at once", () => {
    const own = new Deaf();
    let onError = () => {};
    const shared = (failed: () => void) => {
      onError = failed;
      return new Deaf();
    };
    const link = new Link({ ...around(null, own), shared });
    expect(own.said).toEqual([]);

    onError();

    expect(own.said).toMatchObject([{ type: "attach" }]);
    link.close();
  });

  test("its lock is named only when it is held, or the hub would take the tab for dead", async () => {
    const worker = new Deaf();
    let held = () => {};
    const link = new Link(around(worker, new Deaf(), new Promise((resolve) => (held = resolve))));
    expect(worker.said).toEqual([{ type: "attach", lock: null }]);

    held();
    await settle();

    expect(worker.said[1]).toMatchObject({ type: "attach", lock: expect.stringContaining("chalkline-tab-") });
    link.close();
  });
});
