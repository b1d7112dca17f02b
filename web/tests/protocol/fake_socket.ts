/** A server made of a script: sockets that do what the test says, and remember what they were told. */

import { Connection, type Listener, type Report, type Socket, type Surroundings } from "../../src/protocol/connection";
import { Fault } from "../../src/protocol/faults";
import type { AskFrame, Fact, HelloFrame } from "../../src/protocol/frames";
import type { User } from "../../src/protocol/wire";

export const ALICE: User = {
  id: 1,
  username: "alice",
  display_name: "Alice",
  role: "member",
  created_at: "2026-11-20T12:00:00Z",
  status: "",
  disabled: false,
  deleted: false,
};

export type Sent = AskFrame & { readonly ref?: string; readonly channel_id?: number; readonly client_id?: string };

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  readonly sent: Sent[] = [];
  closedWith: number | null = null;
  /** Called with each frame that is sent. */
  onSend: (frame: Sent) => void = () => {};

  send(text: string): void {
    const frame = JSON.parse(text) as Sent;
    this.sent.push(frame);
    this.onSend(frame);
  }

  close(code = 1005): void {
    this.closedWith = code;
  }

  open(epoch = "first"): this {
    this.onopen?.();
    this.say({ type: "hello", user: ALICE, connection_id: "c", epoch, ping_seconds: 16 });
    return this;
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The server closes, or the network does. */
  end(code: number): void {
    this.onclose?.({ code });
  }

  of(type: string): Sent[] {
    return this.sent.filter((frame) => frame.type === type);
  }
}

export class Script implements Surroundings, Listener {
  readonly sockets: FakeSocket[] = [];
  readonly reports: Report[] = [];
  readonly hellos: HelloFrame[] = [];
  readonly facts: Fact[] = [];
  signedOut = 0;
  probes = 0;
  renewals = 0;
  probeFails: Fault | null = null;
  renewFails: Fault | null = null;
  readonly connection: Connection;

  constructor() {
    this.connection = new Connection(this, this);
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }

  get status(): string {
    return this.connection.report.status;
  }

  /** Of the plan to come back. */
  get pause(): number {
    return (this.connection.report.retryAt ?? Number.NaN) - Date.now();
  }

  online(): FakeSocket {
    this.connection.start();
    return this.socket.open();
  }

  open(): Socket {
    this.sockets.push(new FakeSocket());
    return this.socket;
  }

  async probe(): Promise<void> {
    this.probes += 1;
    if (this.probeFails) throw this.probeFails;
  }

  async renew(): Promise<void> {
    this.renewals += 1;
    if (this.renewFails) throw this.renewFails;
  }

  random(): number {
    return 1;
  }

  onReport(report: Report): void {
    this.reports.push(report);
  }

  onHello(hello: HelloFrame): void {
    this.hellos.push(hello);
  }

  onFact(fact: Fact): void {
    this.facts.push(fact);
  }

  onSignedOut(): void {
    this.signedOut += 1;
  }
}

export const OVER = new Fault("unauthenticated", "Sign in.", { status: 401 });
