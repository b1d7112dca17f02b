/** What a hub needs of a browser: the same in a page and in a worker. */

import type { Socket } from "./connection";
import { type Broadcast, Hub } from "./hub";
import { Keeper, REFRESH_TIMEOUT_MILLISECONDS } from "./keeper";
import { Rest } from "./rest";
import { IndexedRecord } from "./shared_record";
import type { Session } from "./wire";

const SUBPROTOCOL = "chalkline.v1";
const CHANNEL = "chalkline";

/** A hub on this origin's server. */
export function openHub(): Hub {
  const keeper: Keeper = new Keeper(new IndexedRecord(), () =>
    rest.ask<Session>("POST", "/auth/refresh", {
      isSigningIn: true,
      timeoutMilliseconds: REFRESH_TIMEOUT_MILLISECONDS,
    }),
  );
  const rest = new Rest((mark) => keeper.renew(mark));
  const others = new BroadcastChannel(CHANNEL);
  const hub = new Hub({
    keeper,
    open: openSocket,
    probe: async () => void (await rest.get("/users/me")),
    broadcast: (message) => others.postMessage(message),
    random: Math.random,
  });
  others.onmessage = (event: MessageEvent<Broadcast>) => hub.heard(event.data);
  return hub;
}

function openSocket(): Socket {
  const url = new URL("/ws/system", location.origin);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url, [SUBPROTOCOL]) as unknown as Socket;
}
