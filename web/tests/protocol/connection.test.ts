import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Fault } from "../../src/protocol/faults";
import { OVER, Script } from "./fake_socket";

let script: Script;

beforeEach(() => {
  vi.useFakeTimers();
  script = new Script();
});

afterEach(() => vi.useRealTimers());

describe("the table of close codes", () => {
  test.each([1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000, 4001, 4002, 4029, 4499])(
    "%i: comes back by itself, after a pause",
    async (code) => {
      script.online().end(code);

      expect(script.status).toBe("reconnecting");
      expect(script.pause).toBeGreaterThan(0);
      await vi.advanceTimersByTimeAsync(script.pause);
      expect(script.sockets).toHaveLength(2);
    },
  );

  test.each([1002, 1003, 1007, 1008, 1009, 4501, 4502, 4999])(
    "%i: doesn't, until somebody asks for it",
    async (code) => {
      script.online().end(code);

      expect(script.status).toBe("stopped");
      expect(script.connection.report.reason).toContain(String(code));
      await vi.advanceTimersByTimeAsync(10 * 60_000);
      expect(script.sockets).toHaveLength(1);
      script.connection.retry();
      expect(script.sockets).toHaveLength(2);
    },
  );

  test("4500: refreshes the session, and is back at once where the socket was steady", async () => {
    const socket = script.online();
    await vi.advanceTimersByTimeAsync(11_000);

    socket.end(4500);
    await vi.advanceTimersByTimeAsync(0);

    expect(script.renewals).toBe(1);
    expect(script.sockets).toHaveLength(2);
  });

  test("4500 again and again: ever more slowly, not in a circle", async () => {
    script.online().end(4500);
    await vi.advanceTimersByTimeAsync(0);

    expect(script.sockets).toHaveLength(1);
    expect(script.pause).toBeGreaterThan(500);
  });

  test("4500 and a session that is over: signed out, and nothing more is tried", async () => {
    script.renewFails = OVER;
    script.online().end(4500);
    await vi.advanceTimersByTimeAsync(10 * 60_000);

    expect(script.signedOut).toBe(1);
    expect(script.status).toBe("idle");
    expect(script.sockets).toHaveLength(1);
  });

  test("4500 while the server can't be reached: tries again, and isn't signed out", async () => {
    script.renewFails = new Fault("offline", "");
    script.online().end(4500);
    await vi.advanceTimersByTimeAsync(0);

    expect(script.signedOut).toBe(0);
    expect(script.status).toBe("reconnecting");
  });

  test("4029: not before the four seconds that the server counts", () => {
    script.online().end(4029);

    expect(script.pause).toBeGreaterThanOrEqual(4_000);
  });

  test("4029 after an error that says how long: not before that", () => {
    const socket = script.online();
    socket.say({ type: "error", code: "rate_limited", detail: "", retry_after: 9 });
    socket.end(4029);

    expect(script.pause).toBeGreaterThanOrEqual(9_000);
  });
});

test("a server that stops says when to come back, and nobody comes earlier", async () => {
  const socket = script.online();
  socket.say({ type: "reconnect", after_ms: 6_000 });
  await vi.advanceTimersByTimeAsync(1_000);
  socket.end(1012);

  expect(script.pause).toBeGreaterThanOrEqual(5_000);
  script.connection.wake();
  expect(script.sockets).toHaveLength(1);
});

test("the pauses grow, up to half a minute, and a socket that lived for a while begins anew", async () => {
  script.online();
  const pauses: number[] = [];
  for (let times = 0; times < 10; times++) {
    script.socket.end(1006);
    pauses.push(script.pause);
    await vi.advanceTimersByTimeAsync(script.pause);
    script.socket.open();
  }

  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses.at(-1)).toBe(30_000);
  await vi.advanceTimersByTimeAsync(10_001);
  script.socket.end(1006);
  expect(script.pause).toBeLessThanOrEqual(500);
});

describe("a handshake that fails, which a browser doesn't explain", () => {
  const refused = async () => {
    script.connection.start();
    script.socket.end(1006);
    await vi.advanceTimersByTimeAsync(0);
  };

  test("the reason is asked over REST: the session is over", async () => {
    script.probeFails = OVER;
    await refused();

    expect(script.signedOut).toBe(1);
    expect(script.status).toBe("idle");
  });

  test("the server asks for time, and gets it", async () => {
    script.probeFails = new Fault("unavailable", "", { retryAfterSeconds: 7 });
    await refused();

    expect(script.pause).toBeGreaterThanOrEqual(7_000);
  });

  test("this origin isn't let in: stops", async () => {
    script.probeFails = new Fault("forbidden", "This origin is not let in.");
    await refused();

    expect(script.connection.report).toMatchObject({ status: "stopped", reason: "This origin is not let in." });
  });

  test("nothing is wrong: tries again later", async () => {
    await refused();

    expect(script.probes).toBe(1);
    expect(script.status).toBe("reconnecting");
  });
});

test("a handshake that never ends is given up", async () => {
  script.connection.start();
  await vi.advanceTimersByTimeAsync(12_000);

  expect(script.sockets[0]?.closedWith).not.toBeNull();
  expect(script.status).toBe("reconnecting");
});

test("silence is noticed: asked after 20 seconds, given up 8 later", async () => {
  const socket = script.online();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(socket.of("ping")).toHaveLength(1);

  await vi.advanceTimersByTimeAsync(8_000);

  expect(socket.closedWith).toBe(4001);
  expect(script.status).toBe("reconnecting");
});

test("an answer to the ping is enough", async () => {
  const socket = script.online();
  socket.onSend = (frame) => frame.type === "ping" && socket.say({ type: "pong" });
  await vi.advanceTimersByTimeAsync(10 * 60_000);

  expect(script.status).toBe("online");
  expect(script.sockets).toHaveLength(1);
});

test("an ask gets the answer with its ref, whatever the order", async () => {
  const socket = script.online();
  const first = script.connection.ask({ type: "channel.read", channel_id: 1, seq: 1 });
  const second = script.connection.ask({ type: "channel.read", channel_id: 2, seq: 2 });
  const [one, two] = socket.of("channel.read");

  socket.say({ type: "ok", ref: two?.ref, which: 2 });
  socket.say({ type: "error", ref: one?.ref, code: "forbidden", detail: "no" });

  await expect(second).resolves.toMatchObject({ which: 2 });
  await expect(first).rejects.toMatchObject({ code: "forbidden", detail: "no" });
});

test("an ask without an answer fails with its socket, and is not sent again from here", async () => {
  const socket = script.online();
  const asked = script.connection.ask({ type: "channel.read", channel_id: 1, seq: 1 });
  const failed = expect(asked).rejects.toMatchObject({ code: "offline" });
  socket.end(1006);
  await failed;
  await vi.advanceTimersByTimeAsync(script.pause);
  script.socket.open();

  expect(script.socket.of("channel.read")).toHaveLength(0);
});

test("no network: says so, tries all the same, and at once when it is back", async () => {
  script.online();
  script.connection.network(false);
  script.socket.end(1006);
  expect(script.status).toBe("offline");

  script.connection.network(true);

  expect(script.sockets).toHaveLength(2);
});

test("a browser that only believes to be offline doesn't lose its socket", () => {
  const socket = script.online();
  script.connection.network(false);

  expect(script.status).toBe("online");
  expect(socket.of("ping")).toHaveLength(1);
});

test("stopped means stopped: a late close, timer or answer changes nothing", async () => {
  const socket = script.online();
  socket.end(1006);
  script.connection.stop();
  await vi.advanceTimersByTimeAsync(10 * 60_000);

  expect(script.status).toBe("idle");
  expect(script.sockets).toHaveLength(1);
});

test("no more frames go out than the server takes, and none is lost", async () => {
  const socket = script.online();
  for (let seq = 1; seq <= 1_000; seq++) script.connection.tell({ type: "typing", channel_id: seq });
  expect(socket.of("typing").length).toBeLessThanOrEqual(400);

  socket.onSend = (frame) => frame.type === "ping" && socket.say({ type: "pong" });
  await vi.advanceTimersByTimeAsync(16_000);

  expect(socket.of("typing").map(({ channel_id }) => channel_id)).toEqual(
    Array.from({ length: 1_000 }, (_, i) => i + 1),
  );
});
