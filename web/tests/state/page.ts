/** A tab whose hub and server are in the test's hand. */

import type { HubPort } from "../../src/protocol/link";
import type { FromHub, ToHub } from "../../src/protocol/ports";
import type { Pusher } from "../../src/state/device";
import type { PageListener } from "../../src/state/surroundings";
import { Tab } from "../../src/state/tab";
import { ALICE } from "../protocol/fake_socket";
import { CHANNEL, ModelServer } from "./model_server";

export class Stored {
  readonly items = new Map<string, string>();
  get length(): number {
    return this.items.size;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.items.set(name, value);
  }
  removeItem(name: string): void {
    this.items.delete(name);
  }
}

export const NO_PUSHER: Pusher = {
  obstacle: "unsupported",
  isAllowed: () => false,
  subscribe: () => Promise.reject(new Error("unsupported")),
  unsubscribe: async () => {},
};

export class Page implements HubPort {
  onmessage: HubPort["onmessage"] = null;
  readonly said: ToHub[] = [];
  readonly asked: string[] = [];
  readonly server: ModelServer;
  readonly storage: Stored;
  readonly tab: Tab;
  page: PageListener | null = null;
  /** Work that waits for the next frame of the screen. */
  readonly frames: (() => void)[] = [];
  /** Answers other than the model's, by path. */
  readonly answers = new Map<string, () => Response>();
  #ids = 0;

  constructor(
    server = new ModelServer(),
    storage = new Stored(),
    isReachable = true,
    pusher: Pusher = NO_PUSHER,
    answers: Readonly<Record<string, () => Response>> = {},
  ) {
    this.server = server;
    this.storage = storage;
    for (const [path, answer] of Object.entries(answers)) this.answers.set(path, answer);
    if (!isReachable) {
      this.answers.set("/users/me", () => {
        throw new TypeError("no network");
      });
    }
    this.tab = new Tab({
      link: { shared: () => null, own: () => this, hold: () => null },
      fetch: async (input) => this.#answer(new URL(String(input), "http://chalkline.test")),
      storage,
      pusher,
      schedule: (work) => void this.frames.push(work),
      clientId: () => `id${++this.#ids}`,
      watch: (page) => {
        this.page = page;
        return () => {};
      },
    });
    this.tab.start();
  }

  postMessage(message: ToHub): void {
    this.said.push(message);
  }

  tell(message: FromHub): void {
    this.onmessage?.({ data: message });
  }

  hello(epoch = "e"): void {
    this.tell({ type: "hello", user: ALICE, epoch });
  }

  /** Facts that the hub passes on, and the frame in which they are shown. */
  facts(from: number, to = this.server.head): void {
    this.tell({ type: "facts", facts: this.server.facts.slice(from, to) });
    this.frame();
  }

  frame(): void {
    for (const work of this.frames.splice(0)) work();
  }

  of<Type extends ToHub["type"]>(type: Type): Extract<ToHub, { type: Type }>[] {
    return this.said.filter((one) => one.type === type) as Extract<ToHub, { type: Type }>[];
  }

  #answer({ pathname, searchParams }: URL): Response {
    const path = pathname.replace("/api/v1", "");
    this.asked.push(`${path}?${searchParams}`);
    const number = (name: string) => (searchParams.has(name) ? { [name]: Number(searchParams.get(name)) } : {});
    const other = this.answers.get(path);
    if (other) return other();
    if (path === "/users/me") return Response.json(ALICE);
    if (path === "/channels") return Response.json({ items: [this.server.channel()], next_cursor: null });
    if (path === `/channels/${CHANNEL}`) return Response.json(this.server.channel());
    if (path === `/channels/${CHANNEL}/members`) {
      return Response.json({ items: [...this.server.members().values()], next_cursor: null });
    }
    if (path === `/channels/${CHANNEL}/events`) {
      const { after = 0, limit = 200 } = { ...number("after"), ...number("limit") } as {
        after?: number;
        limit?: number;
      };
      const events = this.server.facts.slice(after, after + limit);
      return Response.json({ epoch: "e", head_seq: this.server.head, events });
    }
    if (path === `/channels/${CHANNEL}/messages`) {
      return Response.json(
        this.server.page({ ...number("before"), ...number("after"), ...number("around"), ...number("limit") }),
      );
    }
    return Response.json({ items: [], next_cursor: null });
  }
}
