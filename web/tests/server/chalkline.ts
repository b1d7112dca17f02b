/** A real server as a child process, and browsers without a screen that talk to it. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Socket } from "../../src/protocol/connection";
import { Hub } from "../../src/protocol/hub";
import { Keeper } from "../../src/protocol/keeper";
import type { HubPort } from "../../src/protocol/link";
import type { FromHub, Port, ToHub } from "../../src/protocol/ports";
import { Rest } from "../../src/protocol/rest";
import { MemoryRecord } from "../../src/protocol/shared_record";
import type { Session } from "../../src/protocol/wire";
import { Tab } from "../../src/state/tab";
import { NO_PUSHER } from "../state/page";

const COMMAND = fileURLToPath(new URL("../../../.venv/bin/chalkline", import.meta.url));

export const isInstalled = existsSync(COMMAND);

export class Server {
  url = "";
  #data = "";
  #child: ChildProcess | null = null;

  async start(port = 0): Promise<void> {
    this.#data ||= await mkdtemp(join(tmpdir(), "chalkline-page-"));
    const args = ["serve", "--port", String(port), "--data-dir", this.#data, "--log-level", "error"];
    const child = spawn(COMMAND, args, { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    let said = "";
    this.url = await new Promise((resolve, reject) => {
      child.stderr?.on("data", (piece) => {
        said += String(piece);
        const found = /chalkline listening on (\S+)/.exec(said);
        if (found?.[1]) resolve(found[1]);
      });
      child.once("exit", (code) => reject(new Error(`ended with ${code}: ${said}`)));
    });
  }

  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  /** At the same address, with the same data. */
  async restart(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const { port } = new URL(this.url);
    await this.stop(signal);
    await this.start(Number(port));
  }

  /** Killed: its databases go with it, and nothing of them is kept. */
  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    await rm(this.#data, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Stored {
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.#items.set(name, value);
  }
  removeItem(name: string): void {
    this.#items.delete(name);
  }
}

/** One browser: its cookies, its storage, and one hub for its tabs. */
export class Browser {
  readonly storage = new Stored();
  readonly sockets: WebSocket[] = [];
  readonly #server: Server;
  readonly #cookies = new Map<string, string>();
  readonly #tabs: Tab[] = [];
  #hub: Hub;
  refreshes = 0;

  constructor(server: Server) {
    this.#server = server;
    this.#hub = this.#openHub();
  }

  tab(): Tab {
    const tab = new Tab({
      link: {
        shared: () => {
          const { port1, port2 } = new MessageChannel();
          this.#hub.attach(port2 as unknown as Port<FromHub, ToHub>);
          return port1 as unknown as HubPort;
        },
        own: () => {
          throw new Error("the hub didn't answer");
        },
        hold: () => null,
      },
      fetch: this.fetch,
      storage: this.storage,
      schedule: (work) => setTimeout(work, 5),
      clientId: () => crypto.randomUUID(),
      pusher: NO_PUSHER,
      watch: () => () => {},
    });
    this.#tabs.push(tab);
    tab.start();
    return tab;
  }

  /** The browser is closed, and opened again: only cookies and storage are left. */
  reopen(): void {
    this.close();
    this.#hub = this.#openHub();
  }

  /** A hub ends with its browser: else it would connect again, and the next server to stop would wait for it. */
  close(): void {
    for (const tab of this.#tabs.splice(0)) tab.close();
    this.#hub.heard({ type: "signed_out" });
    for (const socket of this.sockets.splice(0)) socket.close();
  }

  /** As if the access token had run out. */
  forgetAccess(): void {
    this.#cookies.delete("chalkline_access");
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input), this.#server.url);
    if (url.pathname.endsWith("/refresh")) this.refreshes += 1;
    const headers = new Headers(init?.headers);
    headers.set("Origin", this.#server.url);
    headers.set("Cookie", this.#cookie());
    const { keepalive: _, ...rest } = init ?? {};
    const response = await fetch(url, { ...rest, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value && value !== '""') this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
    return response;
  };

  #cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #openHub(): Hub {
    const rest: Rest = new Rest((mark) => keeper.renew(mark), this.fetch);
    const refresh = () => rest.ask<Session>("POST", "/auth/refresh", { isSigningIn: true });
    const keeper = new Keeper(new MemoryRecord(), refresh);
    return new Hub({
      keeper,
      open: () => this.#openSocket(),
      probe: async () => void (await rest.get("/users/me")),
      broadcast: () => {},
      // Soon again: how long one waits is tested with the connection.
      random: () => 0.1,
    });
  }

  #openSocket(): Socket {
    const url = `${this.#server.url.replace("http", "ws")}/ws/system`;
    const headers = { Cookie: this.#cookie(), Origin: this.#server.url };
    // Node's own takes headers; the DOM's type doesn't know.
    const socket = new WebSocket(url, { protocols: ["chalkline.v1"], headers } as unknown as string[]);
    this.sockets.push(socket);
    return socket as unknown as Socket;
  }
}
