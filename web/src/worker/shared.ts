/** The SharedWorker: one hub for all tabs of one build. */

import type { FromHub, Port, ToHub } from "../protocol/ports";
import { openHub } from "../protocol/surroundings";

const hub = openHub();

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port) hub.attach(port as unknown as Port<FromHub, ToHub>);
});
