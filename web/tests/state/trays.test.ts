import { beforeEach, expect, test } from "vitest";
import { Fault } from "../../src/protocol/faults";
import type { File as Kept } from "../../src/protocol/wire";
import type { Tray } from "../../src/state";
import { MOST_FILES, Trays } from "../../src/state/trays";

/** A server that answers when it is told to, and a storage that outlives the page. */
class Server {
  readonly stored = new Map<string, string>();
  readonly sending = new Map<string, { done: (file: Kept) => void; fail: (fault: Fault) => void }>();
  readonly stopped: string[] = [];
  readonly removed: string[] = [];
  readonly gone = new Set<string>();
  #keys = 0;

  page(): Trays {
    return new Trays({
      storage: {
        getItem: (name) => this.stored.get(name) ?? null,
        setItem: (name, text) => void this.stored.set(name, text),
        removeItem: (name) => void this.stored.delete(name),
        key: (index) => [...this.stored.keys()][index] ?? null,
        length: 0,
      },
      me: () => 1,
      key: () => `k${++this.#keys}`,
      mostBytes: () => 100,
      send: (_, file) => {
        const done = new Promise<Kept>((resolve, fail) => {
          this.sending.set(file.name, { done: resolve, fail });
        });
        return { done, stop: () => void this.stopped.push(file.name) };
      },
      remove: async (file) => void this.removed.push(file.id),
      isThere: async (file) => !this.gone.has(file.id),
    });
  }

  async take(name: string): Promise<void> {
    this.sending.get(name)!.done({ id: `id-${name}`, name, size: 3, type: "text/plain", url: `/f/${name}` } as Kept);
    this.sending.delete(name);
    await soon();
  }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 0));
const file = (name: string, size = 3) => ({ name, size }) as globalThis.File;
const states = (tray: Tray) =>
  tray.uploads.value.map(({ name, state, code }) => `${name} ${state}${code && ` ${code}`}`);

let server: Server;
let tray: Tray;
beforeEach(() => {
  server = new Server();
  tray = server.page().of(1, 7, null);
});

test("three are sent at once, the others follow", async () => {
  tray.add(["a", "b", "c", "d"].map((name) => file(name)));
  expect([...server.sending.keys()]).toEqual(["a", "b", "c"]);

  await server.take("b");

  expect([...server.sending.keys()]).toEqual(["a", "c", "d"]);
  expect(states(tray)).toEqual(["a uploading", "b ready", "c uploading", "d uploading"]);
});

test("what failed stays and says so, until it is tried again or taken away", async () => {
  tray.add([file("a")]);
  server.sending.get("a")!.fail(new Fault("quota_exceeded", "Too much."));
  await soon();
  expect(states(tray)).toEqual(["a failed quota_exceeded"]);
  expect(tray.uploads.value[0]!.detail).toBe("Too much.");

  tray.retry(tray.uploads.value[0]!.key);
  await server.take("a");

  expect(states(tray)).toEqual(["a ready"]);
});

test("too large and too many are refused without asking", () => {
  tray.add([file("big", 101), ...Array.from({ length: MOST_FILES }, (_, n) => file(`${n}`))]);

  expect(states(tray)[0]).toBe("big failed too_large");
  expect(states(tray)[MOST_FILES]).toBe(`${MOST_FILES - 1} failed too_many`);
  expect(server.sending.has("big")).toBe(false);
});

test("what went along with a question is gone from the tray and from nowhere else, and the rest stays", async () => {
  tray.add([file("a"), file("b")]);
  await server.take("a");
  const given = tray.uploads.value.flatMap((upload) => (upload.file ? [upload.file] : []));
  await server.take("b");
  tray.add([file("c")]);

  tray.give(given);

  expect(states(tray)).toEqual(["b ready", "c uploading"]);
  expect(server.removed).toEqual([]);
  expect(states(server.page().of(1, 7, null))).toEqual(["b ready"]);
});

test("what is stopped is never a message's, even if it arrived", async () => {
  tray.add([file("a")]);

  tray.remove(tray.uploads.value[0]!.key);
  await server.take("a");

  expect(server.stopped).toEqual(["a"]);
  expect(server.removed).toEqual(["id-a"]);
  expect(tray.take()).toEqual([]);
});

test("what the server has survives a reload, unless it is gone there", async () => {
  tray.add([file("a"), file("b"), file("c")]);
  await server.take("a");
  await server.take("b");
  server.gone.add("id-b");

  const reloaded = server.page().of(1, 7, null);
  expect(states(reloaded)).toEqual(["a ready", "b ready"]);
  await soon();
  expect(states(reloaded)).toEqual(["a ready", "b failed expired_file"]);
  expect(server.page().of(1, 8, null).uploads.value).toEqual([]);
});

test("a message takes what is ready, and the tray is empty", async () => {
  tray.add([file("a")]);
  await server.take("a");

  expect(tray.take().map(({ id }) => id)).toEqual(["id-a"]);

  expect(tray.uploads.value).toEqual([]);
  expect(server.page().of(1, 7, null).uploads.value).toEqual([]);
  expect(server.removed).toEqual([]);
});
