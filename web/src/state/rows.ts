/** Messages and pending ones as rows: the same object for the same message, so that lists can tell what has changed. */

import type { Message } from "../protocol/wire";
import type { PendingMessage, Row } from "./api";
import { kept } from "./kept";

export class RowMaker {
  readonly #me: () => number;
  readonly #rows = new WeakMap<Message, Row>();
  readonly #pendingRows = new WeakMap<PendingMessage, Row>();

  constructor(me: () => number) {
    this.#me = me;
  }

  rows(messages: readonly Message[], pending: readonly PendingMessage[]): readonly Row[] {
    const rows = messages.map((message) => this.#row(message));
    return pending.length ? [...rows, ...pending.map((one) => this.#pendingRow(one))] : rows;
  }

  #row(message: Message): Row {
    return kept(this.#rows, message, () => {
      const isOwn = message.author_id === this.#me();
      return { key: isOwn ? `own ${message.client_id}` : `seq ${message.seq}`, message, pending: null };
    });
  }

  #pendingRow(pending: PendingMessage): Row {
    return kept(this.#pendingRows, pending, () => ({ key: `own ${pending.client_id}`, message: null, pending }));
  }
}
