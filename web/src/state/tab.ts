/** One tab: builds its parts once, and leads what the hub tells to the one that it concerns. */

import { batch, type Signal, signal } from "@preact/signals";
import type { Fact } from "../protocol/frames";
import { Link } from "../protocol/link";
import type { FromHub } from "../protocol/ports";
import { Rest } from "../protocol/rest";
import type { Message, PresenceChanged, User } from "../protocol/wire";
import { openAdmin } from "./admin";
import type { AdminState, ChannelView, Instance, State } from "./api";
import { Channels } from "./channels";
import { ConnectionSignals } from "./connection";
import { Drafts } from "./drafts";
import { Pending } from "./pending";
import { Presence } from "./presence";
import { Reading } from "./reading";
import { Session } from "./session";
import { forgetSketches } from "./sketch_storage";
import { Sketches } from "./sketches";
import { Store } from "./store";
import type { Surroundings } from "./surroundings";
import { Users } from "./users";
import { View } from "./view";

const AGAIN_MILLISECONDS = 3_000;

export class Tab implements State {
  readonly session: Session;
  readonly connection: ConnectionSignals;
  readonly channels: Channels;
  readonly users: Users;
  readonly admin: AdminState;
  readonly sketches: Sketches;
  readonly instance: Signal<Instance | null> = signal(null);
  readonly isOutdated = signal(false);
  readonly #around: Surroundings;
  readonly #link: Link;
  readonly #rest: Rest;
  readonly #store: Store;
  readonly #pending: Pending;
  readonly #drafts: Drafts;
  readonly #reading: Reading;
  readonly #presence: Presence;
  readonly #views = new Map<number, View>();
  #epoch: string | null = null;
  /** The mark of the page that the server gave when this tab began. */
  #build: string | null = null;
  #stopWatching: () => void = () => {};
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
    const link = new Link(around.link);
    const rest = new Rest(link.renew, around.fetch);
    this.#link = link;
    this.#rest = rest;
    this.users = new Users(rest);
    this.#presence = new Presence(rest);
    this.#drafts = new Drafts(around.storage);
    this.#store = new Store({
      rest,
      schedule: around.schedule,
      follow: (channelId, after) => link.send({ type: "follow", channelId, after }),
      unfollow: (channelId) => link.send({ type: "unfollow", channelId }),
      onFact: (fact) => this.#onFact(fact),
      onOther: (fact) => this.#onOther(fact),
      onReset: (channelId) => this.#onReset(channelId),
    });
    this.#pending = new Pending({
      storage: around.storage,
      post: (entry) => link.send({ type: "post", entry }),
      discard: (channelId, clientId) => link.send({ type: "discard", channelId, clientId }),
      isThere: (channelId, seq) => this.#store.cell(channelId).cursor >= seq,
    });
    const tell = (channel_id: number, seq: number) => link.ask({ type: "channel.read", channel_id, seq });
    this.#reading = new Reading(this.#store, tell);
    this.channels = new Channels(rest, this.#store, this.users, this.#presence);
    this.sketches = new Sketches(rest, this.#store);
    this.admin = openAdmin(rest, (user) => this.users.put([user]));
    this.session = new Session(rest, {
      onSignedIn: (user, expiresIn) => this.#signedIn(user, expiresIn),
      onLeaving: () => link.send({ type: "signing_out" }),
      onSignedOut: (isOwnDoing) => this.#signedOut(isOwnDoing),
      onWaiting: (retryAt) => this.connection.waiting(retryAt),
    });
    this.connection = new ConnectionSignals(() => this.#retry());
    this.session.me.subscribe((me) => me && this.users.put([me]));
  }

  start(): void {
    this.#link.onMessage = (message) => this.#hear(message);
    this.#link.onRestart = () => this.#begin(null);
    this.#stopWatching = this.#around.watch({
      onShown: () => this.#wake(),
      onGone: () => this.#link.send({ type: "detach" }),
      onRestored: () => {
        this.#link.attach();
        this.#begin(null);
      },
      onHidden: () => this.#reading.flush(),
      onNetwork: (isUp) => {
        this.#link.send({ type: "network", isUp });
        if (isUp && this.session.status.value === "starting") void this.session.start();
      },
      onStored: (name, text) => this.#drafts.changed(name, text),
    });
    void this.#lookAround();
    void this.session.start();
  }

  view(channelId: number): ChannelView {
    const known = this.#views.get(channelId);
    if (known) return known;
    const view = new View(channelId, {
      store: this.#store,
      rest: this.#rest,
      pending: this.#pending,
      reading: this.#reading,
      tellTyping: (channel_id) => this.#link.send({ type: "tell", frame: { type: "typing", channel_id } }),
      clientId: () => this.#around.clientId(),
      onClose: () => this.#views.delete(channelId),
    });
    this.#views.set(channelId, view);
    void this.channels.watch(channelId);
    return view;
  }

  draft(channelId: number): Signal<string> {
    return this.#drafts.of(this.#store.me, channelId);
  }

  close(): void {
    clearTimeout(this.#again);
    this.#stopWatching();
    this.session.stop();
    this.connection.stop();
    this.#store.close();
    this.#reading.clear();
    this.#link.close();
  }

  #hear(message: FromHub): void {
    switch (message.type) {
      case "facts":
        return this.#store.queue(message.facts);
      case "report":
        return this.connection.report(message.report);
      case "hello":
        return void this.#connected(message.user, message.epoch);
      case "following":
        return this.#store.following(message.channelId, message.cursor);
      case "reset":
        return void this.#store.reset(message.channelId);
      case "lost":
        return this.#store.remove(message.channelId);
      case "start_over":
        return this.#startOver();
      case "read":
        return this.#reading.markedElsewhere(message.channelId, message.seq);
      case "posting":
        return this.#pending.add({ ...message.entry, state: "pending", seq: null, code: "", detail: "" }, true);
      case "discarded":
        return this.#pending.arrived(message.channelId, message.clientId);
      case "settled":
        return this.#pending.settled(message.entry, message.settled);
      case "signed_in":
        if (message.userId !== this.#store.me) void this.session.start();
        return;
      case "signed_out":
        return this.session.left(message.notice);
    }
  }

  /** A socket is there, for the first time or after an outage: what only a running one tells is asked for. */
  async #connected(user: User, epoch: string): Promise<void> {
    clearTimeout(this.#again);
    if (user.id !== this.#store.me) return void this.session.start();
    this.#epoch = epoch;
    this.session.updated(user);
    this.#reading.flush();
    this.users.warm().catch(() => {});
    void this.#compareBuilds();
    try {
      await this.#store.loadJoined();
      const direct = this.channels.joined.value.filter(({ kind }) => kind === "direct");
      await this.#presence.connected([...this.#views.keys(), ...direct.map(({ id }) => id)]);
    } catch {
      this.#again = setTimeout(() => void this.#connected(user, epoch), AGAIN_MILLISECONDS);
    }
  }

  #signedIn(user: User, expiresIn: number | null): void {
    this.#store.me = user.id;
    this.#begin(expiresIn);
    this.#pending.restore(user.id);
  }

  /** Says to a hub that may know nothing yet what this tab wants of it. */
  #begin(expiresIn: number | null): void {
    if (!this.#store.me) return;
    this.#link.send({ type: "begin", userId: this.#store.me, epoch: this.#epoch, expiresIn });
    this.#store.followAll();
    this.#pending.repost();
  }

  /** By one's own doing nothing stays behind on this machine; else drafts and unsent messages wait for the next sign-in. */
  #signedOut(isOwnDoing: boolean): void {
    if (isOwnDoing) {
      this.#pending.erase();
      this.#drafts.erase(this.#store.me);
      void forgetSketches(this.#store.me);
      this.#link.send({ type: "signed_out" });
    }
    this.#clear();
    this.#epoch = null;
    this.#store.me = 0;
  }

  /** Another life of the database: seqs mean something else now. */
  #startOver(): void {
    this.#epoch = null;
    this.#clear();
    this.#pending.restore(this.#store.me);
    for (const view of this.#views.values()) void view.reload();
  }

  #clear(): void {
    clearTimeout(this.#again);
    batch(() => {
      this.#store.clear();
      this.#pending.clear();
      this.#presence.clear();
      this.#reading.clear();
      this.users.clear();
      this.channels.clear();
    });
  }

  #onReset(channelId: number): void {
    void this.#views.get(channelId)?.restart();
    this.channels.reset(channelId);
  }

  #onFact(fact: Fact): void {
    if (fact.type !== "message.posted") return;
    const { author_id, channel_id, client_id } = (fact as Fact & { message: Message }).message;
    if (author_id === this.#store.me) this.#pending.arrived(channel_id, client_id);
  }

  #onOther(fact: Fact): void {
    if (fact.type === "presence.changed") this.#presence.changed(fact as unknown as PresenceChanged);
    else if (fact.type === "channel.opened") void this.channels.opened(fact.channel_id as number);
    else if (fact.type === "channel.closed") this.#store.remove(fact.channel_id as number);
  }

  /** A tab that slept may have missed something: it says again up to where it has heard. */
  #wake(): void {
    this.#link.send({ type: "wake" });
    this.#link.check();
    this.#store.followAll();
  }

  #retry(): void {
    this.#link.send({ type: "retry" });
    if (this.session.status.value === "starting") void this.session.start();
  }

  /** After an outage the server may be another: then this page is of an older build, and says so. */
  async #compareBuilds(): Promise<void> {
    const mark = await this.#rest.mark("/");
    if (mark === null) return;
    this.#build ??= mark;
    this.isOutdated.value = mark !== this.#build;
  }

  async #lookAround(): Promise<void> {
    try {
      this.instance.value = await this.#rest.get<Instance>("/instance");
    } catch {
      // A server that doesn't say: the forms offer both, signing in and signing up.
    }
  }
}
