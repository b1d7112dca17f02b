/** Holds the one socket for all tabs that are attached to it; the same class in a SharedWorker and in a page.
 *
 * Law: what a tab is told comes in the order it happened, so that facts after `following` are those after its cursor.
 */

import { Connection, type Listener, type Surroundings } from "./connection";
import { asFault, type Fault } from "./faults";
import type { AskFrame, Fact, HelloFrame, OkFrame } from "./frames";
import type { Keeper } from "./keeper";
import { Outbox } from "./outbox";
import type { FaultData, FromHub, Port, ToHub } from "./ports";
import { Subscriptions } from "./subscriptions";
import { Tabs } from "./tabs";

/** Facts of a busy moment go to the tabs together. */
const GATHER_MILLISECONDS = 8;

export interface HubSurroundings extends Pick<Surroundings, "open" | "probe" | "random"> {
  readonly keeper: Keeper;
  /** To the hubs of other versions, and of tabs without a shared worker. */
  broadcast(message: Broadcast): void;
}

export type Broadcast =
  | { readonly type: "signing_out" }
  | { readonly type: "signed_out" }
  | { readonly type: "signed_in"; readonly userId: number };

export class Hub implements Listener {
  readonly #around: HubSurroundings;
  readonly #connection: Connection;
  readonly #subscriptions: Subscriptions;
  readonly #outbox: Outbox;
  readonly #tabs: Tabs;
  #userId: number | null = null;
  #epoch: string | null = null;
  /** Of the session that the socket was opened with. */
  #mark = 0;
  #hello: Extract<FromHub, { type: "hello" }> | null = null;
  /** A session of this user was ended, perhaps this one: then it isn't just a token that ran out. */
  #isRevoked = false;
  #isLeaving = false;
  #facts: Fact[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #flushedAt = 0;

  constructor(around: HubSurroundings) {
    this.#around = around;
    this.#connection = new Connection({ ...around, open: () => around.open(), renew: () => this.#renew() }, this);
    const ask = (frame: AskFrame) => this.#connection.ask(frame);
    this.#subscriptions = new Subscriptions(ask, {
      onFact: (fact) => this.#gather(fact),
      onFollowing: (channelId, cursor) => this.#tell({ type: "following", channelId, cursor }),
      onReset: (channelId, cursor) => this.#tell({ type: "reset", channelId, cursor }),
      onLost: (channelId, code, detail) => this.#tell({ type: "lost", channelId, code, detail }),
    });
    this.#outbox = new Outbox(ask, (entry, settled) => this.#tell({ type: "settled", entry, settled }));
    this.#tabs = new Tabs((channelIds) => this.#left(channelIds));
    around.keeper.onLost = () => this.onSignedOut();
    around.keeper.onRenewed = ({ generation, token }) => {
      if (token !== null) void this.#authenticate(token, generation);
    };
  }

  attach(port: Port<FromHub, ToHub>): void {
    this.#tabs.add(port);
    port.onmessage = ({ data }) => this.#hear(port, data);
  }

  /** What another hub of this browser says. */
  heard(message: Broadcast): void {
    if (message.type === "signing_out") this.#isLeaving = true;
    else if (message.type === "signed_out") this.#end("");
    else if (message.userId !== this.#userId) this.#tell(message);
  }

  onReport(): void {
    const { report } = this.#connection;
    if (report.status !== "online") {
      this.#subscriptions.disconnected();
      this.#outbox.disconnected();
    }
    this.#tell({ type: "report", report });
  }

  onHello(hello: HelloFrame): void {
    this.#isRevoked = this.#isLeaving = false;
    const isForeign = this.#epoch !== null && this.#epoch !== hello.epoch;
    this.#epoch = hello.epoch;
    if (isForeign) {
      this.#subscriptions.clear();
      this.#tabs.forgetFollowed();
      this.#tell({ type: "start_over" });
    }
    this.#hello = { type: "hello", user: hello.user, epoch: hello.epoch };
    this.#tell(this.#hello);
    this.#subscriptions.connected();
    this.#outbox.connected();
  }

  onFact(fact: Fact): void {
    if (fact.type === "session.revoked" || fact.type === "user.revoked") this.#isRevoked = true;
    this.#subscriptions.hear(fact);
  }

  onSignedOut(): void {
    const reason = this.#isRevoked ? "revoked" : "expired";
    this.#end(this.#isLeaving ? "" : reason);
  }

  #hear(port: Port<FromHub, ToHub>, message: ToHub): void {
    this.#tabs.heardFrom(port);
    switch (message.type) {
      case "attach":
        this.#tabs.watch(port, message.lock);
        port.postMessage({ type: "report", report: this.#connection.report });
        return;
      case "detach":
        return this.#tabs.remove(port);
      case "alive":
        return port.postMessage({ type: "alive" });
      case "begin":
        return this.#begin(port, message);
      case "signing_out":
        this.#isLeaving = true;
        return this.#around.broadcast(message);
      case "signed_out":
        this.#end("");
        return this.#around.broadcast({ type: "signed_out" });
      case "follow":
        this.#tabs.follow(port, message.channelId);
        return this.#subscriptions.follow(message.channelId, message.after);
      case "unfollow":
        return this.#left(this.#tabs.unfollow(port, message.channelId));
      case "ask":
        return void this.#reply(port, message.id, this.#ask(message.frame));
      case "tell":
        return this.#connection.tell(message.frame);
      case "renew":
        return void this.#reply(port, message.id, this.#around.keeper.renew(message.mark));
      case "post":
        this.#tabs.tellOthers(port, { type: "posting", entry: message.entry });
        return this.#outbox.post(message.entry);
      case "discard":
        this.#tabs.tellOthers(port, { ...message, type: "discarded" });
        return this.#outbox.discard(message.channelId, message.clientId);
      case "wake":
        return this.#connection.wake();
      case "retry":
        return this.#connection.retry();
      case "network":
        return this.#connection.network(message.isUp);
    }
  }

  #begin(port: Port<FromHub, ToHub>, { userId, epoch, expiresIn }: Extract<ToHub, { type: "begin" }>): void {
    if (this.#userId !== null && this.#userId !== userId) this.#clear();
    const isNew = this.#userId !== userId;
    this.#userId = userId;
    this.#isRevoked = this.#isLeaving = false;
    if (epoch !== null && this.#epoch !== null && epoch !== this.#epoch) port.postMessage({ type: "start_over" });
    if (isNew) this.#tabs.tellOthers(port, { type: "signed_in", userId });
    if (expiresIn !== null) this.#around.broadcast({ type: "signed_in", userId });
    const kept = expiresIn === null ? this.#around.keeper.watch() : this.#around.keeper.adopt(expiresIn);
    this.#epoch ??= epoch;
    if (this.#hello && this.#connection.report.status === "online") port.postMessage(this.#hello);
    else void kept.then(({ generation }) => this.#start(userId, generation));
  }

  #start(userId: number, generation: number): void {
    if (this.#userId !== userId) return;
    this.#mark = Math.max(this.#mark, generation);
    this.#connection.start();
  }

  /** The session is over, here: sockets close, tabs are told, nothing is kept. */
  #end(notice: "" | "expired" | "revoked"): void {
    if (this.#userId === null) return;
    this.#clear();
    this.#userId = null;
    this.#around.keeper.stop();
    this.#tell({ type: "signed_out", notice });
  }

  #clear(): void {
    this.#connection.stop();
    this.#subscriptions.clear();
    this.#outbox.clear();
    this.#tabs.forgetFollowed();
    this.#epoch = null;
    this.#hello = null;
    this.#facts = [];
  }

  #left(channelIds: readonly number[]): void {
    for (const channelId of channelIds) this.#subscriptions.unfollow(channelId);
  }

  async #ask(frame: AskFrame): Promise<OkFrame> {
    const ok = await this.#connection.ask(frame);
    if (frame.type === "channel.read" && frame["thread"] === undefined) {
      this.#tell({ type: "read", channelId: Number(frame["channel_id"]), seq: Number(frame["seq"]) });
    }
    return ok;
  }

  async #reply(
    port: Port<FromHub, ToHub>,
    id: number,
    answer: Promise<OkFrame | { generation: number }>,
  ): Promise<void> {
    try {
      const ok = await answer;
      port.postMessage({
        type: "reply",
        id,
        ok: "generation" in ok ? { generation: Number(ok.generation) } : ok,
        fault: null,
      });
    } catch (error) {
      port.postMessage({ type: "reply", id, ok: null, fault: faultData(asFault(error)) });
    }
  }

  async #renew(): Promise<void> {
    this.#mark = (await this.#around.keeper.renew(this.#mark)).generation;
  }

  /** The socket goes on with the new token instead of being closed when the old one runs out. */
  async #authenticate(token: string, generation: number): Promise<void> {
    try {
      await this.#connection.ask({ type: "auth", token });
      this.#mark = generation;
    } catch {
      // Then it closes with 4500, and comes back with the new cookie.
    }
  }

  #gather(fact: Fact): void {
    this.#facts.push(fact);
    if (this.#gathering !== undefined) return;
    const since = Date.now() - this.#flushedAt;
    if (since >= GATHER_MILLISECONDS) this.#flush();
    else this.#gathering = setTimeout(() => this.#flush(), GATHER_MILLISECONDS - since);
  }

  #flush(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (!this.#facts.length) return;
    this.#flushedAt = Date.now();
    const facts = this.#facts;
    this.#facts = [];
    this.#tabs.tellAll({ type: "facts", facts });
  }

  #tell(message: FromHub): void {
    this.#flush();
    this.#tabs.tellAll(message);
  }
}

function faultData({ code, detail, status, retryAfterSeconds }: Fault): FaultData {
  return { code, detail, status, retryAfterSeconds };
}
