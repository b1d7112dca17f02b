/** How a tab of a browser comes to its hub. */

import type { Report } from "../protocol/connection";
import type { HubPort, LinkSurroundings } from "../protocol/link";
import type { FromHub, Port, ToHub } from "../protocol/ports";
import { scriptUrl } from "../protocol/trusted";
import workerUrl from "./shared?sharedworker&url";

/** The server has other files by now. */
const OUTDATED: Report = { status: "stopped", reason: "This page is out of date. Reload it.", retryAt: null };

export const inBrowser: LinkSurroundings = {
  shared(onError) {
    if (typeof SharedWorker === "undefined") return null;
    try {
      // The file's name carries its hash, and so does the worker's: another build is another worker.
      const worker = new SharedWorker(scriptUrl(workerUrl), { type: "module", name: `chalkline ${workerUrl}` });
      worker.onerror = onError;
      return worker.port as unknown as HubPort;
    } catch {
      return null;
    }
  },

  own() {
    const { port1, port2 } = new MessageChannel();
    // Most pages never need it. What is said meanwhile waits in the port.
    const port = port2 as unknown as Port<FromHub, ToHub>;
    import("../protocol/surroundings").then(
      ({ openHub }) => openHub().attach(port),
      () => port.postMessage({ type: "report", report: OUTDATED }),
    );
    return port1 as unknown as HubPort;
  },

  hold(name) {
    if (!navigator.locks) return null;
    return new Promise((resolve) => {
      void navigator.locks.request(name, () => {
        resolve();
        return new Promise(() => {});
      });
    });
  },
};
