import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as sync from "y-protocols/sync";
import * as Y from "yjs";
import { type Notice, SketchSocket } from "../../src/sketch/socket";

/** The server's side of one socket, by hand. */
class Wire {
  readyState = 0;
  binaryType = "";
  onopen: () => void = () => {};
  onmessage: (event: { data: ArrayBuffer }) => void = () => {};
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: Uint8Array[] = [];
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  send(data: Uint8Array): void {
    this.sent.push(data);
  }

  close(code = 1005, reason = ""): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  open(): void {
    this.readyState = 1;
    this.onopen();
  }

  say(...write: ((encoder: encoding.Encoder) => void)[]): void {
    const encoder = encoding.createEncoder();
    for (const one of write) one(encoder);
    this.onmessage({ data: encoding.toUint8Array(encoder).slice().buffer as ArrayBuffer });
  }

  ask(doc: Y.Doc): void {
    this.say(
      (e) => encoding.writeVarUint(e, 0),
      (e) => sync.writeSyncStep1(e, doc),
    );
  }

  answer(doc: Y.Doc): void {
    this.say(
      (e) => encoding.writeVarUint(e, 0),
      (e) => sync.writeSyncStep2(e, doc),
    );
  }

  saved(count: number): void {
    this.say(
      (e) => encoding.writeVarUint(e, 100),
      (e) => encoding.writeVarUint(e, count),
    );
  }

  /** Takes all updates that were sent into a document. */
  take(doc: Y.Doc): number {
    let updates = 0;
    for (const message of this.sent.splice(0)) {
      const decoder = decoding.createDecoder(message);
      if (decoding.readVarUint(decoder) !== 0) continue;
      if (sync.readSyncMessage(decoder, encoding.createEncoder(), doc, "wire") !== 0) updates++;
    }
    return updates;
  }
}

let wires: Wire[];
let notices: Notice[];
let startedOver: number;
let renewed: number;
let server: Y.Doc;
let doc: Y.Doc;
let socket: SketchSocket;

beforeEach(() => {
  vi.useFakeTimers();
  [wires, notices, startedOver, renewed] = [[], [], 0, 0];
  server = new Y.Doc();
  doc = new Y.Doc();
  socket = new SketchSocket(doc, new Awareness(doc), {
    url: () => "ws://here/",
    notice: (notice) => notices.push(notice),
    startOver: () => startedOver++,
    renew: async () => void renewed++,
    open: (url) => {
      const wire = new Wire(url);
      wires.push(wire);
      return wire as unknown as WebSocket;
    },
    random: () => 0.5,
  });
});

afterEach(() => {
  socket.close();
  vi.useRealTimers();
});

const last = () => wires.at(-1)!;
const draw = (key: string) => doc.getMap("el").set(key, 1);

function connect(): void {
  last().open();
  last().ask(server);
  last().answer(server);
}

test("it is saved when the server says so, and not before", () => {
  connect();
  last().saved(last().take(server));
  expect(socket.isSaved.value).toBe(true);

  draw("a");
  expect(socket.isSaved.value).toBe(false);
  expect(last().take(server)).toBe(1);
  expect(socket.isSaved.value).toBe(false);
  last().saved(2);
  expect(socket.isSaved.value).toBe(true);
  expect(server.getMap("el").get("a")).toBe(1);
});

test("what was drawn while it was away goes out when it is back", () => {
  connect();
  last().take(server);
  last().close(1006);
  expect(socket.status.value).toBe("offline");
  draw("b");
  expect(socket.isSaved.value).toBe(false);

  vi.advanceTimersByTime(30_000);
  connect();
  last().saved(last().take(server));

  expect(server.getMap("el").get("b")).toBe(1);
  expect([socket.status.value, socket.isSaved.value]).toEqual(["online", true]);
});

test("what is drawn between the server's question and its answer is sent, too", () => {
  last().open();
  last().ask(server);
  draw("early");
  last().answer(server);
  expect(socket.isSaved.value).toBe(false);

  last().saved(1);
  expect(socket.isSaved.value).toBe(false);
  expect(last().take(server)).toBe(2);
  last().saved(2);
  expect(socket.isSaved.value).toBe(true);
  expect(server.getMap("el").get("early")).toBe(1);
});

test("nothing is called saved before the server has asked what it lacks", () => {
  draw("mine");
  last().open();
  last().answer(server);
  expect(socket.isSaved.value).toBe(false);

  last().ask(server);
  last().saved(last().take(server));
  expect(socket.isSaved.value).toBe(true);
});

test("an update that the server leaves out, asking again, is not waited for", () => {
  connect();
  last().saved(last().take(server));
  draw("c");
  last().sent.length = 0; // it never came
  last().ask(server);

  expect(last().take(server)).toBe(1);
  last().saved(2);
  expect(socket.isSaved.value).toBe(true);
  expect(server.getMap("el").get("c")).toBe(1);
});

test("close codes: away comes back, signed out renews, gone stays away, another epoch starts over", async () => {
  last().close(1012);
  vi.advanceTimersByTime(60_000);
  expect(wires).toHaveLength(2);

  last().close(4500);
  await vi.advanceTimersByTimeAsync(0);
  expect([renewed, wires.length]).toEqual([1, 3]);

  last().close(4502, "removed");
  vi.advanceTimersByTime(600_000);
  expect([socket.status.value, socket.reason.value, wires.length]).toEqual(["refused", "removed", 3]);

  socket.retry();
  last().close(4503);
  expect([startedOver, socket.status.value]).toEqual([1, "refused"]);
});

test("a line that has gone silent is given up", () => {
  connect();
  vi.advanceTimersByTime(45_001);
  expect(socket.status.value).toBe("offline");

  vi.advanceTimersByTime(1_000);
  connect();
  expect([wires.length, socket.status.value]).toEqual([2, "online"]);
});

test("what the server says of our edits is passed on", () => {
  connect();
  const words = new TextEncoder().encode(JSON.stringify({ code: "taken_back", detail: "x: Expected a finite number" }));
  last().say(
    (e) => encoding.writeVarUint(e, 101),
    (e) => encoding.writeVarUint8Array(e, words),
  );

  expect(notices).toEqual([{ code: "taken_back", detail: "x: Expected a finite number" }]);
});
