/** The state of the page. `openState()` once, in main.tsx; hand it to the views by a context. */

import { registerServiceWorker } from "../service-worker/register";
import { inBrowser } from "../worker/spawn";
import type { State } from "./api";
import { browserSurroundings } from "./surroundings";
import { Tab } from "./tab";

export { Fault } from "../protocol/faults";
export type * from "./api";

export function openState(): State {
  const tab = new Tab(browserSurroundings(inBrowser));
  tab.start();
  registerServiceWorker();
  return tab;
}
