/** One tab: builds its parts once, and leads what the hub tells to the one that it concerns. */

import { batch, type Signal } from "@preact/signals";
import type { Fact } from "../protocol/frames";
import { Link } from "../protocol/link";
import type { FromHub } from "../protocol/ports";
import { Rest } from "../protocol/rest";
import { upload } from "../protocol/upload";
import type { ChannelRead, Message, PresenceChanged, User } from "../protocol/wire";
import { Acts } from "./acts";
import { openAdmin } from "./admin";
import { Ai } from "./ai";
import type { AdminState, ChannelView, Instance, ProgramsState, State, Tray } from "./api";
import { Attention } from "./attention";
import { Channels } from "./channels";
import { Commands } from "./commands";
import { ConnectionSignals } from "./connection";
import { Device } from "./device";
import { Drafts } from "./drafts";
import { Order } from "./order";
import { Pending } from "./pending";
import { Presence } from "./presence";
import { openPrograms } from "./programs";
import { Reading } from "./reading";
import { ServerPage } from "./server_page";
import { Session } from "./session";
import { forgetSketches } from "./sketch_storage";
import { Sketches } from "./sketches";
import { Store } from "./store";
import type { Surroundings } from "./surroundings";
import { Messages } from "./talk";
import { Threads, type ThreadsSurroundings } from "./threads";
import { Trays } from "./trays";
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
  readonly ai: Ai;
  readonly messages: Messages;
  readonly threads: Threads;
  readonly attention: Attention;
  readonly order: Order;
  readonly programs: ProgramsState;
  readonly commands: Commands;
  readonly device: Device;
  readonly instance: Signal<Instance | null>;
  readonly isOutdated: Signal<boolean>;
  readonly #around: Surroundings;
  readonly #link: Link;
  readonly #store: Store;
  readonly #pending: Pending;
  readonly #drafts: Drafts;
  readonly #trays: Trays;
  readonly #reading: Reading;
  readonly #presence: Presence;
  readonly #acts: Acts;
  readonly #aroundViews: ThreadsSurroundings;
  readonly #serverPage: ServerPage;
  readonly #views = new Map<number, View>();
  #epoch: string | null = null;
  #stopWatching: () => void = () => {};
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
    const link = new Link(around.link);
    const rest = new Rest(link.renew, around.fetch);
    this.#link = link;
    this.#serverPage = new ServerPage(rest);
    this.instance = this.#serverPage.instance;
    this.isOutdated = this.#serverPage.isOutdated;
    this.users = new Users(rest);
    this.#presence = new Presence(rest);
    this.#drafts = new Drafts(around.storage);
    this.#trays = new Trays({
      storage: around.storage,
      me: () => this.#store.me,
      key: () => around.clientId(),
      mostBytes: () => this.instance.peek()?.file_bytes ?? Number.POSITIVE_INFINITY,
      send: (channelId, file, onProgress) => upload(rest, channelId, file, onProgress),
      remove: (file) => rest.ask("DELETE", `/files/${file.id}`),
      isThere: (file) => rest.isThere(file.url),
    });
    this.#store = new Store({
      rest,
      schedule: around.schedule,
      follow: (channelId, after) => link.send({ type: "follow", channelId, after }),
      unfollow: (channelId) => link.send({ type: "unfollow", channelId }),
      onFact: (fact) => this.#onFact(fact),
      onOther: (fact) => this.#onOther(fact),
      onTurnedBack: (channelId, seq) => {
        this.#reading.hold(channelId);
        this.#views.get(channelId)?.turnedBack(seq);
      },
      onReset: (channelId) => this.#onReset(channelId),
    });
    this.#pending = new Pending({
      storage: around.storage,
      post: (entry) => link.send({ type: "post", entry }),
      discard: (channelId, clientId) => link.send({ type: "discard", channelId, clientId }),
      isThere: (channelId, seq) => this.#store.cell(channelId).cursor >= seq,
    });
    this.#reading = new Reading(this.#store, (channel_id, seq) => link.ask({ type: "channel.read", channel_id, seq }));
    this.#acts = new Acts({ ask: (frame) => link.ask(frame), cursor: (id) => this.#store.cell(id).cursor });
    this.messages = new Messages(rest, this.#store, this.#acts);
    this.#aroundViews = {
      store: this.#store,
      rest,
      pending: this.#pending,
      acts: this.#acts,
      reading: this.#reading,
      tellTyping: (channel_id) => link.send({ type: "tell", frame: { type: "typing", channel_id } }),
      tellRead: (channel_id, thread, seq) => link.ask({ type: "channel.read", channel_id, seq, thread }),
      clientId: () => around.clientId(),
    };
    this.threads = new Threads(this.#aroundViews);
    this.channels = new Channels(rest, this.#store, this.users, this.#presence);
    this.attention = new Attention(rest, this.channels, this.threads, this.#reading);
    this.device = new Device({
      rest,
      pusher: around.pusher,
      storage: around.storage,
      instance: this.instance,
      me: () => this.#store.me,
    });
    this.sketches = new Sketches(rest, this.#store);
    this.ai = new Ai(rest, this.#store, () => around.clientId());
    this.order = new Order(rest);
    this.programs = openPrograms(rest);
    this.commands = new Commands(rest, () => around.clientId());
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
    void this.#serverPage.lookAround();
    void this.session.start();
  }

  view(channelId: number): ChannelView {
    const known = this.#views.get(channelId);
    if (known) return known;
    const view = new View(channelId, { ...this.#aroundViews, onClose: () => this.#views.delete(channelId) });
    this.#views.set(channelId, view);
    void this.channels.watch(channelId);
    return view;
  }

  draft(channelId: number, thread: number | null = null): Signal<string> {
    return this.#drafts.of(this.#store.me, channelId, thread);
  }

  tray(channelId: number, thread: number | null = null): Tray {
    return this.#trays.of(this.#store.me, channelId, thread);
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
        return message.userId === this.#store.me ? undefined : void this.session.start();
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
    this.#acts.connected();
    this.threads.connected().catch(() => {});
    this.order.connected();
    this.users.warm().catch(() => {});
    void this.#serverPage.compare();
    if (this.ai.models.peek() === null) void this.ai.look();
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
    void this.#serverPage.isKnown.then(() => this.device.signedIn());
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
      this.#trays.erase(this.#store.me);
      void forgetSketches(this.#store.me);
      this.device.signedOut();
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
    this.threads.reload();
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
      this.ai.clear();
      this.#acts.clear();
      this.messages.clear();
      this.threads.clear();
      this.attention.clear();
      this.order.clear();
      this.commands.clear();
    });
  }

  #onReset(channelId: number): void {
    void this.#views.get(channelId)?.restart();
    this.channels.reset(channelId);
    this.threads.reset(channelId);
  }

  #onFact(fact: Fact): void {
    this.#acts.told(fact.channel_id as number, fact.seq as number);
    this.threads.hear(fact);
    if (fact.type !== "message.posted") return;
    const { message } = fact as Fact & { message: Message };
    if (message.author_id === this.#store.me) this.#pending.arrived(message.channel_id, message.client_id);
    else this.attention.posted(message, this.#store.me);
  }

  #onOther(fact: Fact): void {
    this.order.hear(fact);
    if (fact.type === "presence.changed") this.#presence.changed(fact as unknown as PresenceChanged);
    else if (fact.type === "channel.opened") void this.channels.opened(fact.channel_id as number);
    else if (fact.type === "user.updated") void this.session.refresh();
    else if (fact.type === "channel.closed") {
      this.#store.remove(fact.channel_id as number);
      this.threads.left(fact.channel_id as number);
    } else if (fact.type === "channel.read" && "thread" in fact) this.threads.read(fact as unknown as ChannelRead);
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
}
