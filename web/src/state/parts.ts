/** What one tab is built from, put together once. What these parts tell, and what is told to them, is the tab's. */

import { batch, type Signal } from "@preact/signals";
import type { Fact } from "../protocol/frames";
import { Link } from "../protocol/link";
import { Rest } from "../protocol/rest";
import { upload } from "../protocol/upload";
import { Acts } from "./acts";
import { openAdmin } from "./admin";
import { Ai } from "./ai";
import type { AdminState, Instance, ProgramsState } from "./api";
import { Attention } from "./attention";
import { Channels } from "./channels";
import { Commands } from "./commands";
import { Device } from "./device";
import { Drafts } from "./drafts";
import { Order } from "./order";
import { Pending } from "./pending";
import { Presence } from "./presence";
import { openPrograms } from "./programs";
import { Reading } from "./reading";
import { ServerPage } from "./server_page";
import { Sketches } from "./sketches";
import { Store } from "./store";
import type { Surroundings } from "./surroundings";
import { Messages } from "./talk";
import { Threads, type ThreadsSurroundings } from "./threads";
import { Trays } from "./trays";
import { Users } from "./users";

export abstract class Parts {
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
  protected readonly around: Surroundings;
  protected readonly rest: Rest;
  protected readonly link: Link;
  protected readonly store: Store;
  protected readonly pending: Pending;
  protected readonly drafts: Drafts;
  protected readonly trays: Trays;
  protected readonly reading: Reading;
  protected readonly presence: Presence;
  protected readonly acts: Acts;
  protected readonly aroundViews: ThreadsSurroundings;
  protected readonly serverPage: ServerPage;

  constructor(around: Surroundings) {
    const link = new Link(around.link);
    const rest = new Rest(link.renew, around.fetch);
    this.around = around;
    this.link = link;
    this.rest = rest;
    this.serverPage = new ServerPage(rest);
    this.instance = this.serverPage.instance;
    this.isOutdated = this.serverPage.isOutdated;
    this.users = new Users(rest);
    this.presence = new Presence(rest);
    this.drafts = new Drafts(around.storage);
    this.trays = new Trays({
      storage: around.storage,
      me: () => this.store.me,
      key: () => around.clientId(),
      mostBytes: () => this.instance.peek()?.file_bytes ?? Number.POSITIVE_INFINITY,
      send: (channelId, file, onProgress) => upload(rest, channelId, file, onProgress),
      remove: (file) => rest.ask("DELETE", `/files/${file.id}`),
      isThere: (file) => rest.isThere(file.url),
    });
    this.store = new Store({
      rest,
      schedule: around.schedule,
      follow: (channelId, after) => link.send({ type: "follow", channelId, after }),
      unfollow: (channelId) => link.send({ type: "unfollow", channelId }),
      onFact: (fact) => this.onFact(fact),
      onOther: (fact) => this.onOther(fact),
      onTurnedBack: (channelId, seq) => this.onTurnedBack(channelId, seq),
      onReset: (channelId) => this.onReset(channelId),
    });
    this.pending = new Pending({
      storage: around.storage,
      post: (entry) => link.send({ type: "post", entry }),
      discard: (channelId, clientId) => link.send({ type: "discard", channelId, clientId }),
      isThere: (channelId, seq) => this.store.cell(channelId).cursor >= seq,
    });
    this.reading = new Reading(this.store, (channel_id, seq) => link.ask({ type: "channel.read", channel_id, seq }));
    this.acts = new Acts({ ask: (frame) => link.ask(frame), cursor: (id) => this.store.cell(id).cursor });
    this.messages = new Messages(rest, this.store, this.acts);
    this.aroundViews = {
      store: this.store,
      rest,
      pending: this.pending,
      acts: this.acts,
      reading: this.reading,
      tellTyping: (channel_id) => link.send({ type: "tell", frame: { type: "typing", channel_id } }),
      tellRead: (channel_id, thread, seq) => link.ask({ type: "channel.read", channel_id, seq, thread }),
      clientId: () => around.clientId(),
    };
    this.threads = new Threads(this.aroundViews);
    this.channels = new Channels(rest, this.store, this.users, this.presence);
    this.attention = new Attention(rest, this.channels, this.threads, this.reading);
    this.device = new Device({
      rest,
      pusher: around.pusher,
      storage: around.storage,
      instance: this.instance,
      me: () => this.store.me,
    });
    this.sketches = new Sketches(rest, this.store);
    this.ai = new Ai(rest, this.store, () => around.clientId());
    this.order = new Order(rest);
    this.programs = openPrograms(rest);
    this.commands = new Commands(rest, () => around.clientId());
    this.admin = openAdmin(rest, (user) => this.users.put([user]));
  }

  /** Each lasting fact, in its channel's order. */
  protected abstract onFact(fact: Fact): void;
  protected abstract onOther(fact: Fact): void;
  protected abstract onTurnedBack(channelId: number, seq: number): void;
  protected abstract onReset(channelId: number): void;

  /** Whose data it was is gone. */
  protected clear(): void {
    batch(() => {
      this.store.clear();
      this.pending.clear();
      this.presence.clear();
      this.reading.clear();
      this.users.clear();
      this.channels.clear();
      this.ai.clear();
      this.acts.clear();
      this.messages.clear();
      this.threads.clear();
      this.attention.clear();
      this.order.clear();
      this.commands.clear();
    });
  }
}
