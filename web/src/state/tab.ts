/** One tab: leads what the hub tells to the one that it concerns. */

import type { Signal } from "@preact/signals";
import type { Fact } from "../protocol/frames";
import type { FromHub } from "../protocol/ports";
import type { ChannelRead, Message, PresenceChanged, User } from "../protocol/wire";
import type { ChannelView, State, Tray } from "./api";
import { ConnectionSignals } from "./connection";
import { Parts } from "./parts";
import { Session } from "./session";
import { forgetSketches } from "./sketch_storage";
import type { Surroundings } from "./surroundings";
import { View } from "./view";

const AGAIN_MILLISECONDS = 3_000;

export class Tab extends Parts implements State {
  readonly session: Session;
  readonly connection: ConnectionSignals;
  readonly #views = new Map<number, View>();
  #epoch: string | null = null;
  #stopWatching: () => void = () => {};
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Surroundings) {
    super(around);
    this.session = new Session(this.rest, {
      onSignedIn: (user, expiresIn) => this.#signedIn(user, expiresIn),
      onLeaving: () => this.link.send({ type: "signing_out" }),
      onSignedOut: (isOwnDoing) => this.#signedOut(isOwnDoing),
      onWaiting: (retryAt) => this.connection.waiting(retryAt),
    });
    this.connection = new ConnectionSignals(() => this.#retry());
    this.session.me.subscribe((me) => me && this.users.put([me]));
  }

  start(): void {
    this.link.onMessage = (message) => this.#hear(message);
    this.link.onRestart = () => this.#begin(null);
    this.#stopWatching = this.around.watch({
      onShown: () => this.#wake(),
      onGone: () => this.link.send({ type: "detach" }),
      onRestored: () => {
        this.link.attach();
        this.#begin(null);
      },
      onHidden: () => this.reading.flush(),
      onNetwork: (isUp) => {
        this.link.send({ type: "network", isUp });
        if (isUp && this.session.status.value === "starting") void this.session.start();
      },
      onStored: (name, text) => this.drafts.changed(name, text),
    });
    void this.serverPage.lookAround();
    void this.session.start();
  }

  view(channelId: number): ChannelView {
    const known = this.#views.get(channelId);
    if (known) return known;
    const view = new View(channelId, { ...this.aroundViews, onClose: () => this.#views.delete(channelId) });
    this.#views.set(channelId, view);
    void this.channels.watch(channelId);
    return view;
  }

  draft(channelId: number, thread: number | null = null): Signal<string> {
    return this.drafts.of(this.store.me, channelId, thread);
  }

  tray(channelId: number, thread: number | null = null): Tray {
    return this.trays.of(this.store.me, channelId, thread);
  }

  close(): void {
    clearTimeout(this.#again);
    this.#stopWatching();
    this.session.stop();
    this.connection.stop();
    this.store.close();
    this.reading.clear();
    this.link.close();
  }

  #hear(message: FromHub): void {
    switch (message.type) {
      case "facts":
        return this.store.queue(message.facts);
      case "report":
        return this.connection.report(message.report);
      case "hello":
        return void this.#connected(message.user, message.epoch);
      case "following":
        return this.store.following(message.channelId, message.cursor);
      case "reset":
        return void this.store.reset(message.channelId);
      case "lost":
        return this.store.remove(message.channelId);
      case "start_over":
        return this.#startOver();
      case "read":
        return this.reading.markedElsewhere(message.channelId, message.seq);
      case "posting":
        return this.pending.add({ ...message.entry, state: "pending", seq: null, code: "", detail: "" }, true);
      case "discarded":
        return this.pending.arrived(message.channelId, message.clientId);
      case "settled":
        return this.pending.settled(message.entry, message.settled);
      case "signed_in":
        return message.userId === this.store.me ? undefined : void this.session.start();
      case "signed_out":
        return this.session.left(message.notice);
    }
  }

  /** A socket is there, for the first time or after an outage: what only a running one tells is asked for. */
  async #connected(user: User, epoch: string): Promise<void> {
    clearTimeout(this.#again);
    if (user.id !== this.store.me) return void this.session.start();
    this.#epoch = epoch;
    this.session.updated(user);
    this.reading.flush();
    this.acts.connected();
    this.threads.connected().catch(() => {});
    this.order.connected();
    this.users.warm().catch(() => {});
    void this.serverPage.compare();
    if (this.ai.models.peek() === null) void this.ai.look();
    try {
      await this.store.loadJoined();
      const direct = this.channels.joined.value.filter(({ kind }) => kind === "direct");
      await this.presence.connected([...this.#views.keys(), ...direct.map(({ id }) => id)]);
    } catch {
      this.#again = setTimeout(() => void this.#connected(user, epoch), AGAIN_MILLISECONDS);
    }
  }

  #signedIn(user: User, expiresIn: number | null): void {
    this.store.me = user.id;
    this.#begin(expiresIn);
    this.pending.restore(user.id);
    void this.serverPage.isKnown.then(() => this.device.signedIn());
  }

  /** Says to a hub that may know nothing yet what this tab wants of it. */
  #begin(expiresIn: number | null): void {
    if (!this.store.me) return;
    this.link.send({ type: "begin", userId: this.store.me, epoch: this.#epoch, expiresIn });
    this.store.followAll();
    this.pending.repost();
  }

  /** By one's own doing nothing stays behind on this machine; else drafts and unsent messages wait for the next sign-in. */
  #signedOut(isOwnDoing: boolean): void {
    if (isOwnDoing) {
      this.pending.erase();
      this.drafts.erase(this.store.me);
      this.trays.erase(this.store.me);
      void forgetSketches(this.store.me);
      this.device.signedOut();
      this.link.send({ type: "signed_out" });
    }
    clearTimeout(this.#again);
    this.clear();
    this.#epoch = null;
    this.store.me = 0;
  }

  /** Another life of the database: seqs mean something else now. */
  #startOver(): void {
    this.#epoch = null;
    clearTimeout(this.#again);
    this.clear();
    this.pending.restore(this.store.me);
    for (const view of this.#views.values()) void view.reload();
    this.threads.reload();
  }

  protected onTurnedBack(channelId: number, seq: number): void {
    this.reading.hold(channelId);
    this.#views.get(channelId)?.turnedBack(seq);
  }

  protected onReset(channelId: number): void {
    void this.#views.get(channelId)?.restart();
    this.channels.reset(channelId);
    this.threads.reset(channelId);
  }

  protected onFact(fact: Fact): void {
    this.acts.told(fact.channel_id as number, fact.seq as number);
    this.threads.hear(fact);
    if (fact.type !== "message.posted") return;
    const { message } = fact as Fact & { message: Message };
    if (message.author_id === this.store.me) this.pending.arrived(message.channel_id, message.client_id);
    else this.attention.posted(message, this.store.me);
  }

  protected onOther(fact: Fact): void {
    this.order.hear(fact);
    if (fact.type === "presence.changed") this.presence.changed(fact as unknown as PresenceChanged);
    else if (fact.type === "channel.opened") void this.channels.opened(fact.channel_id as number);
    else if (fact.type === "user.updated") void this.session.refresh();
    else if (fact.type === "channel.closed") {
      this.store.remove(fact.channel_id as number);
      this.threads.left(fact.channel_id as number);
    } else if (fact.type === "channel.read" && "thread" in fact) this.threads.read(fact as unknown as ChannelRead);
  }

  /** A tab that slept may have missed something: it says again up to where it has heard. */
  #wake(): void {
    this.link.send({ type: "wake" });
    this.link.check();
    this.store.followAll();
  }

  #retry(): void {
    this.link.send({ type: "retry" });
    if (this.session.status.value === "starting") void this.session.start();
  }
}
